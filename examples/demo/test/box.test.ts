// The demo compares the boxes that the model found with those of the scene: a box is found, missed or extra.
import { describe, expect, test } from 'vitest';
import { agreement, type Box, iou } from '../src/box.ts';

const box = (x: number, y: number, width = 10, height = 10): Box => ({ x, y, width, height });

describe('iou', () => {
  test.each([
    ['the same box', box(0, 0), box(0, 0), 1],
    ['half of it beside', box(0, 0), box(5, 0), 1 / 3],
    ['one inside the other', box(0, 0), box(0, 0, 5, 10), 1 / 2],
    ['only an edge in common', box(0, 0), box(10, 0), 0],
    ['apart', box(0, 0), box(40, 40), 0],
  ])('%s', (_, a, b, expected) => {
    expect(iou(a, b)).toBeCloseTo(expected, 12);
    expect(iou(b, a)).toBe(iou(a, b));
  });
});

describe('agreement', () => {
  test('in whatever order', () => {
    expect(agreement([box(0, 0), box(50, 0)], [box(50, 0), box(0, 0)])).toEqual({ ious: [1, 1], found: 2, extra: 0 });
  });

  test('a box where no shape is counts as extra', () => {
    expect(agreement([box(0, 0)], [box(0, 0), box(90, 90)])).toEqual({ ious: [1], found: 1, extra: 1 });
  });

  test('as many boxes as there should be, all of them elsewhere', () => {
    expect(agreement([box(0, 0), box(50, 0)], [box(0, 90), box(50, 90)])).toEqual({ ious: [0, 0], found: 0, extra: 2 });
  });

  test('less than half in common is not found', () => {
    expect(agreement([box(0, 0)], [box(5, 0)])).toEqual({ ious: [expect.closeTo(1 / 3)], found: 0, extra: 1 });
  });

  test('a second box over the same shape is extra, the better one counts', () => {
    expect(agreement([box(0, 0)], [box(0, 0, 10, 9), box(0, 0)])).toEqual({ ious: [1], found: 1, extra: 1 });
  });

  test('nothing found at all', () => {
    expect(agreement([box(0, 0), box(50, 0)], [])).toEqual({ ious: [0, 0], found: 0, extra: 0 });
  });
});
