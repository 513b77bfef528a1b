/** What is to be done with a packet that is legal now. */
export const Step = {
  /** Goes on as it is. */
  forward: 0,
  /** Is judged first. */
  publish: 1,
  subscribe: 2,
  connect: 3,
  connack: 4,
  suback: 5,
  /** Goes no further: the gateway completes it itself (a PUBREL for a message that it refused). */
  complete: 6,
  /** Goes on, and is the last. */
  last: 7,
  /** Has to wait until earlier messages are acknowledged. */
  crowded: 8,
  /** Goes on if its sender is within its budget: what costs the broker work and carries no message. */
  control: 9,
  /** Means nothing to anybody: it goes no further. */
  drop: 10,
  /** Is illegal here: see `Session.fault`. */
  illegal: 11,
} as const
export type Step = (typeof Step)[keyof typeof Step]
