/** A window that comes again: on which days (0 is Sunday), at which minute of the day (UTC), for how many milliseconds. */
export interface MaintenancePlan {
  readonly devices: readonly string[]
  readonly days: readonly number[]
  readonly minute: number
  readonly duration: number
  readonly reason: string
}

const MINUTE = 60_000
const DAY = 86_400_000

/** When a window of the plan that is open at a moment ends; 0 where none is. @param wall milliseconds since the Unix epoch */
export function dueUntil({ days, minute, duration }: MaintenancePlan, wall: number): number {
  const today = Math.floor(wall / DAY)
  // One that began yesterday may last until today.
  for (const day of [today, today - 1]) {
    const begin = day * DAY + minute * MINUTE
    const isDay = days.includes(new Date(day * DAY).getUTCDay())
    if (isDay && wall >= begin && wall < begin + duration) return begin + duration
  }
  return 0
}
