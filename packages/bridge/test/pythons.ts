// The Pythons to test against: label and executable, undefined where the machine has none. `npm test` sets both.
export const pythons: readonly [label: string, python: string | undefined][] = [
  ['NumPy 2.x', process.env['BRIDGE_PYTHON']],
  ['NumPy 1.24', process.env['BRIDGE_PYTHON_1_24']],
];
