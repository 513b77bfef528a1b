export type { Disk } from './disk.ts'
export { type Appended, Ledger, type LedgerOptions } from './ledger.ts'
export { LedgerReader } from './reader.ts'
export { type Judgment, verifyFolder } from './verify.ts'
