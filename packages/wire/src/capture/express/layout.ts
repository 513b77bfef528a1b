/** Where things lie in the kernel's memory, in bytes: as `kernel/express.as` has it. */

/** Of the head: numbers of 64 and of 32 bits. */
export const Head = {
  EXPIRY: 0,
  TIME: 8,
  WRITTEN: 16,
  RECORDED: 24,
  PASSED: 32,
  TOLD: 36,
  TOUCHED: 40,
  TELLS: 44,
  FORMAT: 48,
  LINK: 52,
  TYPE_AT: 56,
  LONGEST: 60,
  DIVISOR: 64,
  FACTOR: 72,
  OFFSET: 80,
  NUMBER: 88,
  HISTORY: 96,
  RECORDS: 100,
  POSITIONS: 104,
  HISTORY_MASK: 108,
  RECORD_MASK: 112,
  SEED: 116,
  FULL: 120,
  LAST: 128,
} as const

/** Of a slot, which holds a flow. */
export const Slot = {
  ADDRESS_A: 0,
  ADDRESS_B: 16,
  PORTS: 32,
  FLAGS: 40,
  A: 48,
  B: 80,
  HEARD: 112,
  HEARD_NUMBER: 120,
} as const

/** Of one end of a flow. */
export const End = { NEXT: 0, ACKNOWLEDGED: 4, PACKETS: 8, MESSAGES: 12, BYTES: 16, RECORD: 24 } as const

export const SlotFlag = { SIX: 1, READS_A: 2, READS_B: 4, CLIENT_A: 8, FIVE: 16, TOUCHED: 32 } as const

export const SLOTS = 266_240
export const SLOT_BYTES = 128
/** Slots, of which the first is none. */
export const SLOT_COUNT = 32_768
export const TOUCHES = 4_460_544
export const TELLINGS = 4_591_616
export const TELLING_BYTES = 40
export const WINDOW = 4_673_536
/** As much of a capture as is read at once: what stays in a processor's own memory while it is judged. */
export const WINDOW_BYTES = 262_144
export const HISTORY = WINDOW + WINDOW_BYTES
export const PAGE = 65_536
