import {
  type Connect,
  type Fault,
  findProperty,
  isFault,
  numberProperty,
  Property,
  Reason,
  readConnack,
  type Scanner,
} from '@ringwall/wire/mqtt'

/** What CONNECT and CONNACK settled, and what is illegal after that. Before CONNACK everything is taken to be granted. */
export class Agreement {
  #version: 4 | 5 = 4
  #cleanStart = false
  #expires = true
  #responses = true
  #maximumQos = 2
  #retains = true
  /** Whether the device wants reason strings and user properties with acknowledgements. */
  problems = true

  connect(connect: Connect): void {
    this.#version = connect.protocolVersion
    this.#cleanStart = connect.cleanStart
    this.#expires = connect.sessionExpiry !== 0
    this.#responses = connect.requestResponseInformation
    this.problems = connect.requestProblemInformation
  }

  /** The broker's CONNACK: why it cannot be, or null. */
  connack(frame: Scanner): Fault | null {
    const { bytes, body, end, propertiesStart, propertiesEnd } = frame
    const answer = readConnack(bytes, body, end, this.#version)
    if (isFault(answer)) return answer
    if (answer.sessionPresent && this.#cleanStart) {
      const clause = this.#version === 5 ? 'MQTT-3.2.2-2' : 'MQTT-3.2.2-1'
      return wrong(frame, 'session_present', clause, 'a session is present though a clean one was asked for')
    }
    if (!this.#responses && findProperty(bytes, propertiesStart, propertiesEnd, Property.RESPONSE_INFORMATION) >= 0) {
      return wrong(frame, 'response_information', 'MQTT-3.1.2-28', 'response information that nobody asked for')
    }
    this.#maximumQos = answer.maximumQos
    this.#retains = answer.retainAvailable
    return null
  }

  /** Whether the broker said that it takes a PUBLISH of this QoS and retain flag. */
  takes(frame: Scanner): boolean {
    return frame.qos <= this.#maximumQos && (this.#retains || !frame.retain)
  }

  /** The fault of a PUBLISH that it does not take. */
  beyond(frame: Scanner): Fault {
    if (frame.qos > this.#maximumQos) {
      const why = `QoS ${frame.qos}, the broker takes at most ${this.#maximumQos}`
      return wrong(frame, 'qos_not_supported', 'MQTT-3.2.2-11', why, Reason.QOS_NOT_SUPPORTED)
    }
    const why = 'a retained message, the broker keeps none'
    return wrong(frame, 'retain_not_supported', 'MQTT-3.2.2-14', why, Reason.RETAIN_NOT_SUPPORTED)
  }

  /** The device's DISCONNECT: a session that CONNECT let end with the connection cannot be kept now (section 3.14.2.2.2). */
  disconnect(frame: Scanner): Fault | null {
    const { bytes, propertiesStart, propertiesEnd } = frame
    const expiry = numberProperty(bytes, propertiesStart, propertiesEnd, Property.SESSION_EXPIRY_INTERVAL, 0)
    if (expiry === 0 || this.#expires) return null
    const why = `DISCONNECT asks for a session expiry of ${expiry} s, CONNECT asked for none`
    return wrong(frame, 'session_expiry_raised', 'MQTT-3.14.2.2.2', why)
  }
}

function wrong(
  frame: Scanner,
  code: string,
  clause: string,
  why: string,
  reason: number = Reason.PROTOCOL_ERROR,
): Fault {
  return { code, clause, why, fatal: false, reason, offset: frame.start }
}
