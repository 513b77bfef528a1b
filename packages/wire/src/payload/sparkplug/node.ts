import { MetricTable, SPARKPLUG_LIMITS, type SparkplugLimits } from './table.ts'

export interface SparkplugOptions {
  readonly limits: SparkplugLimits
  /**
   * What becomes of data before an NBIRTH on a connection that resumes a session. `refuse`: `sparkplug_unborn`. `tolerate`:
   * it is judged by what it says of itself until the next NBIRTH; for fleets that resume, which the standard forbids.
   */
  readonly unborn: 'refuse' | 'tolerate'
  /**
   * After a gap in the sequence numbers. `refuse`: all is refused until the number that is due or an NBIRTH comes, so that no
   * run of old messages can be replayed. `resume`: the message that shows the gap is refused and the count goes on from it.
   */
  readonly gap: 'refuse' | 'resume'
}

/** An entry of the devices' map, without its name. */
const DEVICE_BYTES = 64

export const SPARKPLUG_OPTIONS: SparkplugOptions = { limits: SPARKPLUG_LIMITS, unborn: 'refuse', gap: 'refuse' }

/** Where an edge node is in its life. */
export const Phase = {
  /** Nothing but an NBIRTH may come. */
  unborn: 0,
  /** Its birth was not seen, and that is tolerated. */
  unknown: 1,
  born: 2,
  /** Its NDEATH went through. */
  dead: 3,
  /**
   * It is connected somewhere else, and a command is on its way there: what the command says by its names and types is
   * judged now, and all of it where the births are known.
   */
  elsewhere: 4,
} as const
export type Phase = (typeof Phase)[keyof typeof Phase]

/** A device behind an edge node. */
export interface NodeDevice {
  /** From 1 on. */
  readonly number: number
  alive: boolean
}

/**
 * What is known of one edge node: its births, its devices and where its counts stand. Changed by `SparkplugJudge` only. As it
 * has no timers and no listeners, dropping it is enough when its connection ends.
 */
export class SparkplugNode {
  readonly options: SparkplugOptions
  readonly metrics: MetricTable
  readonly devices = new Map<string, NodeDevice>()
  /** UTF-16 code units of all names of devices. */
  deviceNames = 0
  phase: Phase = Phase.unborn
  /** The last sequence number that was the one due, -1 for none. */
  seq = -1
  /** Whether the message with that number went through. */
  passed = false
  /** The bdSeq of the will and of the birth, -1 for none. */
  will = -1
  bdSeq = -1
  /** The connection's CONNECT was seen, so that a missing will is the edge node's fault. */
  connected = false

  constructor(options: SparkplugOptions = SPARKPLUG_OPTIONS) {
    this.options = options
    this.metrics = new MetricTable(options.limits)
  }

  /**
   * A connection begins: all that was known is forgotten, since an edge node has to be born in every one
   * (tck-id-principles-birth-certificates-order). To be called before the will of the CONNECT is judged.
   * @param resumed the session was there already (session present)
   */
  connect(resumed: boolean): void {
    this.forgetDevices()
    this.metrics.clear()
    this.phase = resumed && this.options.unborn === 'tolerate' ? Phase.unknown : Phase.unborn
    this.seq = -1
    this.passed = false
    this.will = -1
    this.bdSeq = -1
    this.connected = true
  }

  forgetDevices(): void {
    this.devices.clear()
    this.deviceNames = 0
  }

  /** What it takes, in bytes: the flat tables, and the devices with their names. */
  get bytes(): number {
    return this.metrics.bytes + this.devices.size * DEVICE_BYTES + this.deviceNames * 2
  }
}
