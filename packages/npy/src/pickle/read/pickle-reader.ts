// Reads the bytes of a pickle to one value: a table of what each opcode does, and the loop over the opcodes. The loop never recurses, so
// that nested values take no stack. Only bytes that were read are copied, so that memory and work are a small multiple of the bytes. The
// only names of Python that are known are those in globals.ts.

import { withinRuntime } from '../pickle-error.ts';
import { PyByteArray } from '../values/builtin-classes.ts';
import { OP } from '../wire/opcodes.ts';
import { decodeText } from '../wire/wtf8.ts';
import { Machine } from './machine.ts';
import { OneArrayMachine } from './one-array-machine.ts';
import { readFloat, readInt, readLong, readQuoted, readUnicode } from './text-opcodes.ts';
import type { Python2Encoding, Unpickled } from './unpickled.ts';

/**
 * Reads one pickle from the start of `bytes`.
 * @param encoding the encoding of Python 2's strs
 * @throws NpyError NPY_PICKLE if the pickle is damaged, names anything unknown, or is nested too deep; NPY_TRUNCATED; NPY_LIMIT if the
 *   runtime cannot hold the value
 */
export function readPickle(bytes: Uint8Array, maxBytes?: number, encoding?: Python2Encoding): Unpickled {
  return withinRuntime('data', () => run(new Machine(bytes, maxBytes, encoding)));
}

/**
 * Reads one pickle that must be an array of numbers, text or records. The data of the array is a view of `bytes`.
 * @throws NpyError NPY_OBJECTS for an array of objects, as soon as its dtype is read, and what `readPickle` throws
 */
export function readArrayPickle(bytes: Uint8Array, encoding?: Python2Encoding): Unpickled {
  return withinRuntime('data', () => run(new OneArrayMachine(bytes, encoding)));
}

function run(machine: Machine): Unpickled {
  for (;;) {
    const opcode = machine.next();
    if (opcode === OP.STOP) return machine.stop();
    const step = steps[opcode];
    if (!step) throw machine.fail('unknown opcode');
    step(machine);
  }
}

type Step = (machine: Machine) => void;

/** Refuses opcodes that refer to data outside of the pickle. */
const external: Step = (m) => {
  throw m.fail('it refers to data outside of the pickle');
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
  [OP.STRING]: (m) => m.python2Str(readQuoted(m.input.line())),
  [OP.SHORT_BINSTRING]: (m) => m.python2Str(m.input.text(m.input.uint8())),
  [OP.BINSTRING]: (m) => m.python2Str(m.input.text(m.input.uint32())),
  [OP.SHORT_BINBYTES]: (m) => m.bytes(m.input.uint8()),
  [OP.BINBYTES]: (m) => m.bytes(m.input.uint32()),
  [OP.BINBYTES8]: (m) => m.bytes(m.input.uint64()),
  [OP.BYTEARRAY8]: (m) => m.stack.push(new PyByteArray(m.keep(m.input.take(m.input.uint64())))),

  [OP.MARK]: (m) => m.stack.mark(),
  [OP.POP]: (m) => m.stack.drop(),
  [OP.POP_MARK]: (m) => void m.stack.popToMark(),
  [OP.DUP]: (m) => m.pushAgain(m.stack.top()),

  [OP.MEMOIZE]: (m) => m.memoize(),
  [OP.BINPUT]: (m) => m.put(m.input.uint8()),
  [OP.LONG_BINPUT]: (m) => m.put(m.input.uint32()),
  [OP.PUT]: (m) => m.put(m.memoIndex(m.input.line())),
  [OP.BINGET]: (m) => m.get(m.input.uint8()),
  [OP.LONG_BINGET]: (m) => m.get(m.input.uint32()),
  [OP.GET]: (m) => m.get(m.memoIndex(m.input.line())),

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

  [OP.PERSID]: external,
  [OP.BINPERSID]: external,
  [OP.EXT1]: external,
  [OP.EXT2]: external,
  [OP.EXT4]: external,
  [OP.NEXT_BUFFER]: external,
  [OP.READONLY_BUFFER]: external,
};
