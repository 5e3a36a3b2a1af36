// The Pythons to test against: the label, and the path of the executable, or undefined if the machine has none. `npm test` sets
// both variables.
export const pythons: readonly [label: string, python: string | undefined][] = [
  ['NumPy 2.x', process.env['BRIDGE_PYTHON']],
  ['NumPy 1.24', process.env['BRIDGE_PYTHON_1_24']],
];
