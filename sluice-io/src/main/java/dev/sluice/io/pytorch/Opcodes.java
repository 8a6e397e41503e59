package dev.sluice.io.pytorch;

/**
 * The opcodes of Python's pickle, protocols 2 to 5, that occur in files of {@code torch.save} and
 * TorchScript, under the names of Python's {@code pickle.py}. Those of protocols 0 and 1 that later
 * ones replaced, and those that would need more of Python, are left out and so refused.
 */
final class Opcodes {
  static final int PROTO = 0x80; // protocol (1 byte)
  static final int FRAME = 0x95; // length (8 bytes) of what follows
  static final int STOP = '.';
  static final int MARK = '(';
  static final int POP = '0';
  static final int POP_MARK = '1';

  static final int NONE = 'N';
  static final int NEWTRUE = 0x88;
  static final int NEWFALSE = 0x89;
  static final int BININT = 'J'; // 4 bytes, signed
  static final int BININT1 = 'K'; // 1 byte
  static final int BININT2 = 'M'; // 2 bytes, unsigned
  static final int LONG1 = 0x8a; // length (1 byte), that many bytes
  static final int LONG4 = 0x8b; // length (4 bytes), that many bytes
  static final int BINFLOAT = 'G'; // 8 bytes

  static final int BINUNICODE = 'X'; // length (4 bytes), UTF-8
  static final int SHORT_BINUNICODE = 0x8c; // length (1 byte)
  static final int BINUNICODE8 = 0x8d; // length (8 bytes)
  static final int BINSTRING = 'T'; // length (4 bytes), a string of Python 2
  static final int SHORT_BINSTRING = 'U'; // length (1 byte)
  static final int BINBYTES = 'B'; // length (4 bytes)
  static final int SHORT_BINBYTES = 'C'; // length (1 byte)
  static final int BINBYTES8 = 0x8e; // length (8 bytes)
  static final int BYTEARRAY8 = 0x96; // length (8 bytes)

  static final int EMPTY_TUPLE = ')';
  static final int TUPLE = 't'; // of all down to the mark
  static final int TUPLE1 = 0x85;
  static final int TUPLE2 = 0x86;
  static final int TUPLE3 = 0x87;
  static final int EMPTY_LIST = ']';
  static final int LIST = 'l';
  static final int APPEND = 'a';
  static final int APPENDS = 'e';
  static final int EMPTY_DICT = '}';
  static final int DICT = 'd';
  static final int SETITEM = 's';
  static final int SETITEMS = 'u';
  static final int EMPTY_SET = 0x8f;
  static final int ADDITEMS = 0x90;
  static final int FROZENSET = 0x91;

  static final int GLOBAL = 'c'; // module line, name line
  static final int STACK_GLOBAL = 0x93;
  static final int REDUCE = 'R'; // callable, arguments -> its result
  static final int NEWOBJ = 0x81; // class, arguments -> instance
  static final int NEWOBJ_EX = 0x92; // class, arguments, named arguments -> instance
  static final int BUILD = 'b'; // object, state -> object
  static final int BINPERSID = 'Q'; // name of something kept outside the pickle -> that thing

  static final int BINPUT = 'q'; // index (1 byte): remembers the top
  static final int LONG_BINPUT = 'r'; // index (4 bytes)
  static final int MEMOIZE = 0x94; // under the next index
  static final int BINGET = 'h'; // index (1 byte)
  static final int LONG_BINGET = 'j'; // index (4 bytes)

  private Opcodes() {}
}
