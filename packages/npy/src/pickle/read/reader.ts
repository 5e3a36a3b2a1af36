// Bytes to one value: what each opcode does, in a table, and the loop over them. It never recurses, so depth costs no
// stack; it copies only what it has read, so memory and work are a small multiple of the bytes; and of Python it knows
// the names in globals.ts and no more.

import { withinRuntime } from '../pickle-error.ts';
import { PyByteArray } from '../values/builtins.ts';
import { OP } from '../wire/opcodes.ts';
import { decodeText } from '../wire/wtf8.ts';
import { ArrayMachine } from './array-machine.ts';
import { Machine, type OldEncoding, type Unpickled } from './machine.ts';
import { readFloat, readInt, readLong, readQuoted, readUnicode } from './text-opcodes.ts';

/**
 * Reads one pickle from the start of `bytes`.
 * @param encoding of the strs of Python 2
 * @throws NpyError NPY_PICKLE for what is no pickle, asks for anything unknown, or is nested too deep; NPY_TRUNCATED; NPY_LIMIT for
 * what this runtime cannot hold
 */
export function readPickle(bytes: Uint8Array, maxBytes?: number, encoding?: OldEncoding): Unpickled {
  return withinRuntime('data', () => run(new Machine(bytes, maxBytes, encoding)));
}

/**
 * Reads one pickle that is to be an array of numbers, text or records. Its bytes are views on `bytes`.
 * @throws NpyError NPY_OBJECTS for an array of objects, as soon as its dtype is read, and what `readPickle` throws
 */
export function readArrayPickle(bytes: Uint8Array, encoding?: OldEncoding): Unpickled {
  return withinRuntime('data', () => run(new ArrayMachine(bytes, encoding)));
}

function run(machine: Machine): Unpickled {
  for (;;) {
    const opcode = machine.next();
    if (opcode === OP.STOP) return machine.stop();
    const step = steps[opcode];
    if (!step) throw machine.fail('there is no such opcode');
    step(machine);
  }
}

type Step = (machine: Machine) => void;

const elsewhere: Step = (m) => {
  throw m.fail('refers to what is not in the pickle');
};

const steps: Readonly<Record<number, Step | undefined>> = {
  [OP.PROTO]: (m) => m.protocol(m.input.uint8()),
  [OP.FRAME]: (m) => m.input.frame(m.input.uint64()),

  [OP.NONE]: (m) => m.stack.push(null),
  [OP.NEWTRUE]: (m) => m.stack.push(true),
  [OP.NEWFALSE]: (m) => m.stack.push(false),
  [OP.BININT1]: (m) => m.stack.push(m.input.uint8()),
  [OP.BININT2]: (m) => m.stack.push(m.input.uint16()),
  [OP.BININT]: (m) => m.stack.push(m.input.int32()),
  [OP.LONG1]: (m) => m.long(m.input.uint8()),
  [OP.LONG4]: (m) => m.long(m.input.int32()),
  [OP.INT]: (m) => m.literal(readInt(m.input.line()), 'an int'),
  [OP.LONG]: (m) => m.literal(readLong(m.input.line()), 'an int'),
  [OP.BINFLOAT]: (m) => m.float(),
  [OP.FLOAT]: (m) => m.literal(readFloat(m.input.line()), 'a float'),

  [OP.SHORT_BINUNICODE]: (m) => m.str(decodeText(m.input.text(m.input.uint8())), 'UTF-8'),
  [OP.BINUNICODE]: (m) => m.str(decodeText(m.input.text(m.input.uint32())), 'UTF-8'),
  [OP.BINUNICODE8]: (m) => m.str(decodeText(m.input.text(m.input.uint64())), 'UTF-8'),
  [OP.UNICODE]: (m) => m.str(readUnicode(m.input.line()), 'a str'),
  [OP.STRING]: (m) => m.oldStr(readQuoted(m.input.line())),
  [OP.SHORT_BINSTRING]: (m) => m.oldStr(m.input.text(m.input.uint8())),
  [OP.BINSTRING]: (m) => m.oldStr(m.input.text(m.input.uint32())),
  [OP.SHORT_BINBYTES]: (m) => m.bytes(m.input.uint8()),
  [OP.BINBYTES]: (m) => m.bytes(m.input.uint32()),
  [OP.BINBYTES8]: (m) => m.bytes(m.input.uint64()),
  [OP.BYTEARRAY8]: (m) => m.stack.push(new PyByteArray(m.keep(m.input.take(m.input.uint64())))),

  [OP.MARK]: (m) => m.stack.mark(),
  [OP.POP]: (m) => m.stack.drop(),
  [OP.POP_MARK]: (m) => void m.stack.popToMark(),
  [OP.DUP]: (m) => m.again(m.stack.top()),

  [OP.MEMOIZE]: (m) => m.memoize(),
  [OP.BINPUT]: (m) => m.put(m.input.uint8()),
  [OP.LONG_BINPUT]: (m) => m.put(m.input.uint32()),
  [OP.PUT]: (m) => m.put(m.index(m.input.line())),
  [OP.BINGET]: (m) => m.get(m.input.uint8()),
  [OP.LONG_BINGET]: (m) => m.get(m.input.uint32()),
  [OP.GET]: (m) => m.get(m.index(m.input.line())),

  [OP.EMPTY_TUPLE]: (m) => m.container(m.collections.tuple([])),
  [OP.TUPLE1]: (m) => m.container(m.collections.tuple(m.stack.popMany(1))),
  [OP.TUPLE2]: (m) => m.container(m.collections.tuple(m.stack.popMany(2))),
  [OP.TUPLE3]: (m) => m.container(m.collections.tuple(m.stack.popMany(3))),
  [OP.TUPLE]: (m) => m.container(m.collections.tuple(m.stack.popToMark())),
  [OP.EMPTY_LIST]: (m) => m.container([]),
  [OP.LIST]: (m) => m.container(m.collections.list(m.stack.popToMark())),
  [OP.APPEND]: (m) => m.append(m.stack.popMany(1)),
  [OP.APPENDS]: (m) => m.append(m.stack.popToMark()),
  [OP.EMPTY_DICT]: (m) => m.container(new Map()),
  [OP.DICT]: (m) => m.container(m.collections.dict(m.stack.popToMark())),
  [OP.SETITEM]: (m) => m.setItems(m.stack.popMany(2)),
  [OP.SETITEMS]: (m) => m.setItems(m.stack.popToMark()),
  [OP.EMPTY_SET]: (m) => m.container(new Set()),
  [OP.ADDITEMS]: (m) => m.addItems(m.stack.popToMark()),
  [OP.FROZENSET]: (m) => m.container(m.collections.frozenSet(m.stack.popToMark())),

  [OP.GLOBAL]: (m) => m.global(m.name(), m.name()),
  [OP.STACK_GLOBAL]: (m) => m.stackGlobal(m.stack.popMany(2)),
  [OP.REDUCE]: (m) => m.call('call', m.stack.popMany(2)),
  [OP.NEWOBJ]: (m) => m.call('create', m.stack.popMany(2)),
  [OP.NEWOBJ_EX]: (m) => m.newObjectEx(m.stack.popMany(3)),
  [OP.INST]: (m) => {
    const args = m.collections.tuple(m.stack.popToMark());
    m.global(m.name(), m.name());
    m.call('call', [m.stack.pop(), args]);
  },
  [OP.OBJ]: (m) => {
    const [callable, ...args] = m.stack.popToMark();
    m.call('call', [callable, m.collections.tuple(args)]);
  },
  [OP.BUILD]: (m) => m.build(m.stack.pop()),

  [OP.PERSID]: elsewhere,
  [OP.BINPERSID]: elsewhere,
  [OP.EXT1]: elsewhere,
  [OP.EXT2]: elsewhere,
  [OP.EXT4]: elsewhere,
  [OP.NEXT_BUFFER]: elsewhere,
  [OP.READONLY_BUFFER]: elsewhere,
};
