export { type Compiled, compileLaw, type LawPlace, type LawResult } from './compile.ts'
export { figure, figureBeyond, withUnit } from './figure.ts'
export type { LawSeverity } from './source.ts'
