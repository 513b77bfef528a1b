import {
  type Fault,
  isFault,
  PacketType,
  packetName,
  Reason,
  readSuback,
  readSubscribe,
  readUnsubscribe,
  type Scanner,
} from '@ringwall/wire/mqtt'

/** Questions without an answer that are remembered at once; beyond, answers are no longer held against them. */
const MOST = 1_024

/**
 * SUBSCRIBEs and UNSUBSCRIBEs of a device that wait for the broker's answer, with the number of their filters. One that the
 * gateway answered itself stays until its identifier is used again: that only makes the judgment milder.
 */
export class Asked {
  #waiting: Map<number, number> | null = null
  #overrun = false

  /** A SUBSCRIBE or UNSUBSCRIBE of the device. */
  note(frame: Scanner, version: 4 | 5): void {
    this.#waiting ??= new Map()
    if (this.#waiting.size >= MOST) this.#overrun = true
    if (this.#overrun) return
    const read = frame.type === PacketType.SUBSCRIBE ? readSubscribe : readUnsubscribe
    const asked = read(frame.bytes, frame.body, frame.end, version)
    this.#waiting.set(keyOf(frame), isFault(asked) ? 0 : asked.filters.length)
  }

  /** The broker's SUBACK or UNSUBACK: why it cannot be, or null. `partial`: some of the filters were taken out. */
  judge(frame: Scanner, version: 4 | 5, partial: boolean): Fault | null {
    if (this.#overrun) return null
    const count = this.#waiting?.get(keyOf(frame))
    if (count === undefined) return unasked(frame, version)
    this.#waiting?.delete(keyOf(frame))
    const answer = readSuback(frame.bytes, frame.body, frame.end, version, frame.type)
    if (partial || isFault(answer) || answer.reasons.length === count) return null
    // UNSUBACK of 3.1.1 has no codes.
    if (frame.type === PacketType.UNSUBACK && version === 4) return null
    const why = `${answer.reasons.length} reason codes for ${count} filters`
    const clause =
      frame.type === PacketType.UNSUBACK ? 'MQTT-3.11.3-1' : version === 5 ? 'MQTT-3.8.4-6' : 'MQTT-3.8.4-5'
    return found('reason_count', clause, why, frame)
  }
}

function unasked(frame: Scanner, version: 4 | 5): Fault {
  const why = `${packetName(frame.type)} for packet identifier ${frame.packetId}, which waits for none`
  const clause = version === 5 ? 'MQTT-2.2.1-6' : 'MQTT-2.3.1-7'
  return found('answer_unasked', clause, why, frame)
}

function found(code: string, clause: string, why: string, frame: Scanner): Fault {
  return { code, clause, why, fatal: false, reason: Reason.PROTOCOL_ERROR, offset: frame.start }
}

/** One identifier serves one of either at a time; told apart, so that neither answer stands in for the other. */
function keyOf(frame: Scanner): number {
  const subscribes = frame.type === PacketType.SUBSCRIBE || frame.type === PacketType.SUBACK
  return subscribes ? frame.packetId : frame.packetId + 65_536
}
