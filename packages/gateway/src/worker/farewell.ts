/** Why the gateway ends sessions of its own accord. */
export const TAKEN_OVER = {
  code: 'session_taken_over',
  clause: 'MQTT-3.1.4-3',
  why: 'a newer session of the device took over: session.takeover is replace, or this one stood still',
}
export const REVOKED = {
  code: 'identity_revoked',
  clause: '',
  why: 'the new configuration knows its certificate no more',
}

/** DISCONNECT without reason, the same in 3.1.1 and 5.0. */
export const LEAVE = Uint8Array.of(0xe0, 0)
