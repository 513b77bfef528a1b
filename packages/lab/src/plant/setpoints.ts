/** What normal operation holds: levels of the three tanks in m, the temperature of the second in °C; and how far it may be told to. */
export const SETPOINTS = {
  feed: { usual: 0.9, low: 0.5, high: 1.2 },
  hot: { usual: 0.8, low: 0.45, high: 1.1 },
  product: { usual: 0.7, low: 0.35, high: 1 },
  temperature: { usual: 32, low: 22, high: 40 },
} as const

export type SetpointName = keyof typeof SETPOINTS
