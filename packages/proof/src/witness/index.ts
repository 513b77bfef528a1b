export { askWitness, type WitnessPlace } from './ask.ts'
export { type Comparison, compareCheckpoints } from './compare.ts'
export { LONGEST_REQUEST, readRequest, type WitnessRequest, writeRequest } from './request.ts'
export { Witness, type WitnessAnswer, type WitnessedLog, type WitnessState } from './witness.ts'
