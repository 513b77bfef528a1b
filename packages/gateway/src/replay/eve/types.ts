/** The event types that are written. The first four are Suricata's; `ringwall` is what only Ringwall finds. */
export const EVE_TYPES = ['mqtt', 'alert', 'anomaly', 'flow', 'ringwall'] as const
export type EveType = (typeof EVE_TYPES)[number]
