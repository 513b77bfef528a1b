export type { CaptureFault } from './fault.ts'
export type { Closing, Direction, Endpoint, Flow, FlowEvents } from './flow.ts'
export { type CapturedPacket, LinkType } from './packet.ts'
export { CaptureReader, type CaptureReaderOptions } from './reader.ts'
