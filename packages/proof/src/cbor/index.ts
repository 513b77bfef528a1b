export { decodeCbor, decodeFirst } from './decode.ts'
export { compareBytes, encodeCbor } from './encode.ts'
export { type CborKey, type CborValue, Tagged } from './value.ts'
