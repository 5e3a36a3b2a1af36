// The names of the dtypes, which are NumPy's. They are apart from dtype/, so that the types of errors can use them.

/**
 * The name of a dtype of fixed size, as NumPy prints it. The last nine come from the ml_dtypes package; files
 * say only how many bytes their elements have.
 */
export type FixedDTypeName =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'longdouble'
  | 'complex64'
  | 'complex128'
  | 'clongdouble'
  | 'bfloat16'
  | 'float8_e3m4'
  | 'float8_e4m3'
  | 'float8_e4m3b11fnuz'
  | 'float8_e4m3fn'
  | 'float8_e4m3fnuz'
  | 'float8_e5m2'
  | 'float8_e5m2fnuz'
  | 'float8_e8m0fnu';

/** Names of dtypes that need more than a name: a width, a unit, fields, or a pickle. */
export type SizedDTypeName = 'bytes' | 'str' | 'datetime64' | 'timedelta64' | 'void' | 'struct' | 'object';

/** The name of a dtype. `struct` stands for structured dtypes, `object` for everything that is saved as a pickle. */
export type DTypeName = FixedDTypeName | SizedDTypeName;
