export { type ByteFlags, type BytePattern, isBytePattern, parseBytePattern } from './byte-pattern.ts'
export { isPattern, parsePattern } from './parse.ts'
export type { PatternProblem } from './syntax.ts'
