export { Captures } from './captures.ts'
export type { Pattern } from './pattern.ts'
export { type CaptureForm, type Json, type Names, type Shape, Types } from './shape.ts'
export { PAYLOAD_LIMITS, type PayloadFault, type PayloadLimits, type PayloadValidator } from './validator.ts'
