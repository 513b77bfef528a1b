/** What a listener lets be read without it of a flow. */
export const Ready = {
  /** Nothing. */
  NO: 0,
  /** What the client sends, which begins with a packet now; and what the server sends. */
  UP: 1,
  DOWN: 2,
  /** The packets are of MQTT 5.0. */
  FIVE: 4,
} as const
/** A sum of `Ready`. */
export type ReadyFor = number
