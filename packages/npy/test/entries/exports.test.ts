// The names that each entry exports. This test fails when a name is added or removed.
import { expect, test } from 'vitest';
import * as core from '../../src/core.ts';
import * as npy from '../../src/index.ts';
import * as node from '../../src/node/index.ts';
import * as npz from '../../src/npz/index.ts';
import * as numeric from '../../src/numeric.ts';
import * as pickle from '../../src/pickle/index.ts';
import * as views from '../../src/views.ts';

test('@bridge/npy', () => {
  expect(Object.keys(npy).sort()).toMatchInlineSnapshot(`
    [
      "BFloat16Store",
      "BoolStore",
      "BytesStore",
      "CLongDoubleStore",
      "Complex128Store",
      "Complex64Store",
      "DateTime64Store",
      "Float16Store",
      "Float8Store",
      "LongDoubleStore",
      "NAT",
      "NpyError",
      "ObjectStore",
      "StrStore",
      "StructStore",
      "TimeDelta64Store",
      "VoidStore",
      "allocateStore",
      "array",
      "decode",
      "decodeData",
      "decodeStream",
      "defaultLimits",
      "dtypeOf",
      "encode",
      "encodeHeader",
      "encodeInto",
      "encodeParts",
      "field",
      "hasDType",
      "isDTypeName",
      "isNpyError",
      "prepareArray",
      "ravel",
      "readHeader",
      "toDate",
      "toNested",
    ]
  `);
});

test('@bridge/npy/views', () => {
  expect(Object.keys(views).sort()).toEqual(['field', 'fromNested', 'ravel', 'toNested']);
});

test('@bridge/npy/core', () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "BFloat16Store",
      "BoolStore",
      "BytesStore",
      "CLongDoubleStore",
      "Complex128Store",
      "Complex64Store",
      "DateTime64Store",
      "Float16Store",
      "Float8Store",
      "IncrementalDecoder",
      "LongDoubleStore",
      "NAT",
      "NpyError",
      "ObjectStore",
      "StrStore",
      "StructStore",
      "TimeDelta64Store",
      "VoidStore",
      "allocateStore",
      "decode",
      "decodeData",
      "decodeStream",
      "defaultLimits",
      "dtypeOf",
      "encode",
      "encodeHeader",
      "encodeInto",
      "encodeParts",
      "hasDType",
      "isDTypeName",
      "isNpyError",
      "prepareArray",
      "readHeader",
      "toDate",
      "toNested",
    ]
  `);
});

test('@bridge/npy/numeric', () => {
  expect(Object.keys(numeric).sort()).toMatchInlineSnapshot(`
    [
      "BoolStore",
      "Complex128Store",
      "Complex64Store",
      "Float16Store",
      "NpyError",
      "decode",
      "encode",
      "encodeInto",
      "encodeParts",
      "isNpyError",
      "readHeader",
    ]
  `);
});

test('@bridge/npy/pickle', () => {
  expect(Object.keys(pickle).sort()).toMatchInlineSnapshot(`
    [
      "NumpyArray",
      "NumpyDType",
      "NumpyScalar",
      "PyByteArray",
      "PyDate",
      "PyDateTime",
      "PyDecimal",
      "PyFloat",
      "PyFraction",
      "PyFrozenSet",
      "PyGlobal",
      "PyOrderedDict",
      "PyRange",
      "PySlice",
      "PyStr",
      "PyTime",
      "PyTimeDelta",
      "PyTimeZone",
      "PyTuple",
      "PyUuid",
      "decodePickle",
      "encodePickle",
      "encodePickleParts",
      "fromView",
      "pickle",
      "readPickleHeader",
      "toElement",
      "toView",
      "tuple",
    ]
  `);
});

test('@bridge/npy/npz', () => {
  expect(Object.keys(npz).sort()).toMatchInlineSnapshot(`
    [
      "NpyError",
      "decodeNpz",
      "encodeNpz",
      "encodeNpzParts",
      "isNpyError",
      "readNpzHeaders",
    ]
  `);
});

test('@bridge/npy/node', () => {
  expect(Object.keys(node).sort()).toMatchInlineSnapshot(`
    [
      "load",
      "save",
    ]
  `);
});
