import { sameBytes } from '../../bytes/same.ts'
import { hashOf } from './hash.ts'

/** What one edge node may define. All of it can be defined by whoever holds a device's key, so all of it is bounded. */
export interface SparkplugLimits {
  /** Metrics of the node and its devices together, and of one message. */
  readonly metrics: number
  readonly devices: number
  /** Bytes of all names of metrics together; also those of all names of devices. */
  readonly nameBytes: number
}

/** With them an edge node's metrics take at most 107 KiB: 43 bytes a metric and its name, doubled as they grow. */
export const SPARKPLUG_LIMITS: SparkplugLimits = { metrics: 1024, devices: 128, nameBytes: 65_536 }

/** What could not be added, or 0. */
export const Full = { no: 0, metrics: 1, names: 2 } as const

const FIRST = 16

/**
 * The metrics that births have defined: open addressing over flat arrays that grow by doubling to their limits. Found by
 * device and name, or by alias. Finding allocates nothing.
 */
export class MetricTable {
  readonly limits: SparkplugLimits
  count = 0
  /** Bytes of names in use. */
  nameBytes = 0
  // Secret, so that nobody can choose names and aliases that all meet in one slot. What is found does not depend on it.
  readonly #seed = Math.floor(Math.random() * 0x1_0000_0000)
  #names = new Uint8Array(FIRST * 16)
  /** By metric: where its name begins and ends, its hash, its device (0 for the node itself), its type. */
  #starts = new Uint32Array(FIRST)
  #ends = new Uint32Array(FIRST)
  #hashes = new Uint32Array(FIRST)
  #devices = new Uint16Array(FIRST)
  #types = new Uint8Array(FIRST)
  #aliases = new Float64Array(FIRST)
  /** The message that had the metric last, and the time that it gave it there. */
  #serials = new Uint32Array(FIRST)
  #times = new Float64Array(FIRST)
  /** Positions plus one; 0 is free. Always at least twice as many as metrics. */
  #byName = new Uint16Array(FIRST * 2)
  #byAlias = new Uint16Array(FIRST * 2)

  constructor(limits: SparkplugLimits) {
    if (limits.metrics > 0xffff) throw new RangeError(`at most 65535 metrics, not ${limits.metrics}`)
    this.limits = limits
  }

  /** What the table takes, in bytes. */
  get bytes(): number {
    const slots = this.#byName.byteLength + this.#byAlias.byteLength
    return this.#names.byteLength + slots + this.#starts.length * (4 + 4 + 4 + 2 + 1 + 8 + 4 + 8)
  }

  clear(): void {
    this.count = 0
    this.nameBytes = 0
    this.#byName.fill(0)
    this.#byAlias.fill(0)
  }

  type(metric: number): number {
    return this.#types[metric]
  }

  device(metric: number): number {
    return this.#devices[metric]
  }

  /** -1 where it has none. */
  alias(metric: number): number {
    return this.#aliases[metric]
  }

  get names(): Uint8Array {
    return this.#names
  }

  nameStart(metric: number): number {
    return this.#starts[metric]
  }

  nameEnd(metric: number): number {
    return this.#ends[metric]
  }

  /** The metric of this device and name, or -1. */
  find(device: number, bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end, this.#seed ^ device)
    const mask = this.#byName.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const metric = this.#byName[slot] - 1
      if (metric < 0) return -1
      if (this.#hashes[metric] !== hash || this.#devices[metric] !== device) continue
      if (sameBytes(this.#names, this.#starts[metric], this.#ends[metric], bytes, start, end)) return metric
    }
  }

  /** The metric of this alias, or -1. */
  findAlias(alias: number): number {
    const mask = this.#byAlias.length - 1
    for (let slot = aliasHash(alias, this.#seed) & mask; ; slot = (slot + 1) & mask) {
      const metric = this.#byAlias[slot] - 1
      if (metric < 0 || this.#aliases[metric] === alias) return metric
    }
  }

  /**
   * Notes that a message, by its serial above 0, has the metric with this time. Answers the time that the same message gave
   * it before, or -1 where the metric is there for the first time.
   */
  stamp(metric: number, serial: number, time: number): number {
    const before = this.#serials[metric] === serial ? this.#times[metric] : -1
    this.#serials[metric] = serial
    this.#times[metric] = time
    return before
  }

  /** Adds a metric that is not there yet. Answers one of `Full`. */
  add(device: number, bytes: Uint8Array, start: number, end: number, alias: number, type: number): number {
    const length = end - start
    if (this.count === this.limits.metrics) return Full.metrics
    if (this.nameBytes + length > this.limits.nameBytes) return Full.names
    this.#reserve(length)
    const metric = this.count++
    // First of all: the name may lie in this table's own bytes, where its copy comes over it.
    this.#hashes[metric] = hashOf(bytes, start, end, this.#seed ^ device)
    for (let i = 0; i < length; i++) this.#names[this.nameBytes + i] = bytes[start + i]
    this.#starts[metric] = this.nameBytes
    this.nameBytes += length
    this.#ends[metric] = this.nameBytes
    this.#devices[metric] = device
    this.#types[metric] = type
    this.#aliases[metric] = alias
    this.#serials[metric] = 0
    this.#index(metric)
    return Full.no
  }

  /** Whether what another table has could take the place of a device's metrics; one of `Full`. Device -1: of all. */
  room(device: number, other: MetricTable): number {
    let metrics = other.count
    let names = other.nameBytes
    for (let metric = 0; metric < this.count && device >= 0; metric++) {
      if (this.#devices[metric] === device) continue
      metrics++
      names += this.#ends[metric] - this.#starts[metric]
    }
    if (metrics > this.limits.metrics) return Full.metrics
    return names > this.limits.nameBytes ? Full.names : Full.no
  }

  /** Puts what another table has in place of a device's metrics. There must be `room` for it. */
  replace(device: number, other: MetricTable): void {
    const kept = this.count
    const names = this.#names
    this.clear()
    for (let metric = 0; metric < kept; metric++) {
      const of = this.#devices[metric]
      if (device < 0 || of === device) continue
      // The metrics move towards the front, so nothing that is still to be read is written over.
      this.add(of, names, this.#starts[metric], this.#ends[metric], this.#aliases[metric], this.#types[metric])
    }
    for (let metric = 0; metric < other.count; metric++) {
      const start = other.nameStart(metric)
      this.add(other.device(metric), other.names, start, other.nameEnd(metric), other.alias(metric), other.type(metric))
    }
  }

  #index(metric: number): void {
    put(this.#byName, this.#hashes[metric], metric)
    if (this.#aliases[metric] >= 0) put(this.#byAlias, aliasHash(this.#aliases[metric], this.#seed), metric)
  }

  #reserve(nameLength: number): void {
    let size = this.#names.length
    while (this.nameBytes + nameLength > size) size *= 2
    if (size > this.#names.length)
      this.#names = grown(this.#names, new Uint8Array(Math.min(size, this.limits.nameBytes)))
    if (this.count < this.#starts.length) return
    const capacity = Math.min(this.#starts.length * 2, this.limits.metrics)
    this.#starts = grown(this.#starts, new Uint32Array(capacity))
    this.#ends = grown(this.#ends, new Uint32Array(capacity))
    this.#hashes = grown(this.#hashes, new Uint32Array(capacity))
    this.#devices = grown(this.#devices, new Uint16Array(capacity))
    this.#types = grown(this.#types, new Uint8Array(capacity))
    this.#aliases = grown(this.#aliases, new Float64Array(capacity))
    this.#serials = grown(this.#serials, new Uint32Array(capacity))
    this.#times = grown(this.#times, new Float64Array(capacity))
    this.#byName = new Uint16Array(this.#byName.length * 2)
    this.#byAlias = new Uint16Array(this.#byName.length)
    for (let metric = 0; metric < this.count; metric++) this.#index(metric)
  }
}

function put(slots: Uint16Array, hash: number, metric: number): void {
  const mask = slots.length - 1
  let slot = hash & mask
  while (slots[slot] !== 0) slot = (slot + 1) & mask
  slots[slot] = metric + 1
}

/** Mixes both halves of an alias with the seed. */
function aliasHash(alias: number, seed: number): number {
  let mixed = Math.imul((alias % 0x1_0000_0000) ^ seed, 0x9e3779b1)
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ Math.floor(alias / 0x1_0000_0000), 0x85ebca6b)
  return (mixed ^ (mixed >>> 13)) >>> 0
}

function grown<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(from: T, into: T): T {
  into.set(from)
  return into
}
