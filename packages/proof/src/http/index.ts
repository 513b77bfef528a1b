export { boundedServer } from './bounds.ts'
export { ledgerView } from './view.ts'
export { witnessService } from './witness.ts'
