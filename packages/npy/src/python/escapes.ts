// The characters that one character behind a backslash stands for in Python's strings. The escapes with digits are read where they occur.

export const ESCAPES: Readonly<Record<string, string>> = {
  // A backslash at the end of a line joins the next line.
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
