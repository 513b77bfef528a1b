/** What a worker, or the whole gateway, has done since it began. */
export interface Counts {
  /** Connections whose certificate was verified. */
  accepted: number
  acts: number
  /** Of these, those that somebody waits for: above QoS 0, to a device, connections and subscriptions. */
  awaited: number
  forwarded: number
  delivered: number
  refused: number
  throttled: number
  bytesUp: number
  bytesDown: number
}

export function noCounts(): Counts {
  return {
    accepted: 0,
    acts: 0,
    awaited: 0,
    forwarded: 0,
    delivered: 0,
    refused: 0,
    throttled: 0,
    bytesUp: 0,
    bytesDown: 0,
  }
}
