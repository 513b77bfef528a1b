import { type Fault, Property, Reason, type Scanner, strictFault, textProperty } from '@ringwall/wire/mqtt'

const OTHER = 'another authentication method than CONNECT had'
const UNASKED = 'AUTH although CONNECT named no authentication method'

/** Extended authentication of one connection (MQTT 5.0, 4.12): its method, and whether one goes on. What it says is the broker's to judge. */
export class Authentication {
  #method: string | undefined
  /** A re-authentication goes on. */
  #again = false

  /** The method of a CONNECT: refused where nobody listed it (MQTT-4.12.0-1). */
  connect(method: string | undefined, methods: readonly string[]): Fault | null {
    this.#method = method
    if (method === undefined || methods.includes(method)) return null
    const why = `the authentication method ${JSON.stringify(method.slice(0, 64))} is not among session.authMethods`
    return strictFault('authentication_method', 'MQTT-4.12.0-1', why, Reason.BAD_AUTHENTICATION_METHOD, 0)
  }

  /** A CONNACK: one that accepts names CONNECT's method, or none where that had none. */
  accepted(frame: Scanner): Fault | null {
    if (frame.reason !== 0 || methodOf(frame) === this.#method) return null
    return wrong(
      frame,
      'authentication_method_other',
      this.#method === undefined ? 'MQTT-4.12.0-6' : 'MQTT-4.12.0-5',
      OTHER,
    )
  }

  /** An AUTH of the device: it answers one of the broker's, or begins anew once the session stands. */
  fromClient(frame: Scanner, established: boolean): Fault | null {
    if (this.#method === undefined) return wrong(frame, 'auth_unasked', 'MQTT-4.12.0-7', UNASKED)
    const anew = frame.reason === Reason.RE_AUTHENTICATE
    if (methodOf(frame) !== this.#method) {
      return wrong(frame, 'authentication_method_other', anew ? 'MQTT-4.12.1-1' : 'MQTT-4.12.0-5', OTHER)
    }
    if (anew && !established) {
      return wrong(frame, 'auth_order', 'MQTT-4.12.0-3', 're-authentication before CONNACK')
    }
    if (established && !anew && !this.#again) {
      return wrong(frame, 'auth_order', 'MQTT-4.12.1-1', 'AUTH goes on with an authentication where none is under way')
    }
    this.#again = established
    return null
  }

  /** An AUTH of the broker: it asks on (0x18), and with 0x00 ends a re-authentication. CONNACK ends the first one. */
  fromServer(frame: Scanner, established: boolean): Fault | null {
    if (this.#method === undefined) return wrong(frame, 'auth_unasked', 'MQTT-4.12.0-6', UNASKED)
    if (methodOf(frame) !== this.#method) return wrong(frame, 'authentication_method_other', 'MQTT-4.12.0-5', OTHER)
    const ends = frame.reason === Reason.SUCCESS
    if (established ? !this.#again : ends) {
      return wrong(frame, 'auth_order', 'MQTT-4.12.0-2', 'an AUTH that does not fit where the authentication is')
    }
    if (ends) this.#again = false
    return null
  }
}

function methodOf(frame: Scanner): string | undefined {
  return textProperty(frame.bytes, frame.propertiesStart, frame.propertiesEnd, Property.AUTHENTICATION_METHOD)
}

function wrong(frame: Scanner, code: string, clause: string, why: string): Fault {
  return { code, clause, why, fatal: false, reason: Reason.PROTOCOL_ERROR, offset: frame.start }
}
