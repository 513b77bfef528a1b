import { Reason } from './codes.ts'
import { type Fault, fault, strictFault } from './fault.ts'
import { checkProperties, oddText } from './properties.ts'
import { oddCharacter, TextProblem, textOf, textProblem } from './utf8.ts'
import { variableAt, variableMinimal, variableSize, variableValue } from './variable.ts'

const NO_BYTES = new Uint8Array(0)

/**
 * Reads the fields of a packet one after the other for the readers that may allocate. After the first fault it
 * answers zeroes and empty values; the reader returns `fault` at its end.
 */
export class Cursor {
  readonly bytes: Uint8Array
  readonly end: number
  readonly version: 4 | 5
  readonly strict: boolean
  at: number
  fault: Fault | null
  /** What may be refused though it need not; it does not end the reading. */
  strictFault: Fault | null
  /** Where the last text, binary or properties began and ended, without their length. */
  from: number
  to: number
  alias: number
  utf8Payload: boolean

  constructor(bytes: Uint8Array, at: number, end: number, version: 4 | 5, strict = false) {
    this.bytes = bytes
    this.at = at
    this.end = end
    this.version = version
    this.strict = strict
    this.fault = null
    this.strictFault = null
    this.from = at
    this.to = at
    this.alias = 0
    this.utf8Payload = false
  }

  /** What is wrong with all that was read, or null. */
  get problem(): Fault | null {
    return this.fault ?? this.strictFault
  }

  /** True while nothing was wrong and bytes are left. */
  get more(): boolean {
    return this.fault === null && this.at < this.end
  }

  fail(code: string, clause: string, why: string, reason: number = Reason.MALFORMED_PACKET, at = this.at): void {
    if (this.fault === null) this.fault = fault(code, clause, why, reason, at)
  }

  /** Notes what may be refused though it need not, where the reading is strict; the first one stays. */
  doubt(code: string, clause: string, why: string, reason: number, at: number): void {
    if (this.strict) this.suspect(code, clause, why, reason, at)
  }

  /** The same for what cannot be relaxed. */
  suspect(code: string, clause: string, why: string, reason: number, at: number): void {
    if (this.strictFault === null) this.strictFault = strictFault(code, clause, why, reason, at)
  }

  /** A field follows that a flag promises: that nothing at all follows is against that flag's clause. */
  promised(what: string, clause: string): void {
    if (this.fault === null && this.at === this.end) {
      this.fail('truncated', clause, `the flags announce a ${what}, and the packet ends before it`)
    }
  }

  u8(what: string): number {
    if (!this.#has(1, what)) return 0
    return this.bytes[this.at++]
  }

  u16(what: string): number {
    if (!this.#has(2, what)) return 0
    this.at += 2
    return (this.bytes[this.at - 2] << 8) | this.bytes[this.at - 1]
  }

  /** A packet identifier, which must not be 0. */
  packetId(clause: string): number {
    const at = this.at
    const id = this.u16('packet identifier')
    if (id === 0) this.fail('packet_id_zero', clause, 'the packet identifier is 0', Reason.PROTOCOL_ERROR, at)
    return id
  }

  /** A UTF-8 Encoded String; `clause` is the one that demands it to be well formed. */
  text(what: string, clause: string): string {
    this.#prefixed(what)
    const problem = textProblem(this.bytes, this.from, this.to)
    if (problem === TextProblem.NULL) {
      const null0 = this.version === 5 ? 'MQTT-1.5.4-2' : 'MQTT-1.5.3-2'
      this.fail('text_null', null0, `the ${what} holds the character U+0000`, Reason.MALFORMED_PACKET, this.from)
    } else if (problem !== TextProblem.NONE) {
      this.fail('text_malformed', clause, `the ${what} is not well-formed UTF-8`, Reason.MALFORMED_PACKET, this.from)
    }
    if (this.strict && this.fault === null && this.strictFault === null) {
      const found = oddCharacter(this.bytes, this.from, this.to)
      if (found >= 0) this.strictFault = oddText(what, this.version, found)
    }
    return this.fault === null ? textOf(this.bytes, this.from, this.to) : ''
  }

  /** Binary Data: a view over the packet's bytes. */
  binary(what: string): Uint8Array {
    this.#prefixed(what)
    return this.fault === null ? this.bytes.subarray(this.from, this.to) : NO_BYTES
  }

  /** The Properties field of a packet of type `owner`; nothing in 3.1.1. */
  properties(owner: number, fromClient: boolean): void {
    this.from = this.at
    this.to = this.at
    if (this.fault !== null || this.version !== 5) return
    const read = variableAt(this.bytes, this.at, this.end)
    if (read < 0) {
      this.fail('property_length', 'MQTT-2.2.2-1', 'the property length is missing or malformed')
      return
    }
    if (!variableMinimal(read)) {
      const why = 'the property length is not in its shortest form'
      this.doubt('property_length_not_shortest', 'MQTT-1.5.5-1', why, Reason.MALFORMED_PACKET, this.at)
    }
    const start = this.at + variableSize(read)
    const next = start + variableValue(read)
    if (next > this.end) {
      const why = `${variableValue(read)} bytes of properties are announced and ${this.end - start} are left`
      this.fail('property_length', 'MQTT-2.2.2.1', why)
      return
    }
    this.from = start
    this.to = next
    this.fault = checkProperties(this.bytes, start, next, owner, fromClient, this)
    this.at = next
  }

  /** Everything must have been read by now. */
  finish(clause: string): void {
    if (this.at < this.end) this.fail('trailing_bytes', clause, `${this.end - this.at} bytes follow after the packet`)
  }

  #prefixed(what: string): void {
    const length = this.u16(`length of the ${what}`)
    this.from = this.at
    this.to = this.at
    if (!this.#has(length, what)) return
    this.at += length
    this.to = this.at
  }

  #has(count: number, what: string): boolean {
    if (this.fault !== null) return false
    if (this.at + count <= this.end) return true
    this.fail('truncated', this.version === 5 ? 'MQTT-2.1.4' : 'MQTT-2.2.3', `the packet ends within its ${what}`)
    return false
  }
}
