import type { Version } from '../build.ts'

/** The numbered clauses of a standard by section: `3.1.0:2` is MQTT-3.1.0-1 and -2, `2.2.1:2-6` has no first. */
const SECTIONS: Readonly<Record<Version, string>> = {
  4: `1.5.3:3 2.2.2:2 2.3.1:7 3.1.0:2 3.1.2:24 3.1.3:11 3.1.4:5 3.2.0:1 3.2.2:6 3.3.1:12 3.3.2:3 3.3.4:1 3.3.5:2 3.6.1:1
    3.8.1:1 3.8.3:4 3.8.4:6 3.9.3:2 3.10.1:1 3.10.3:2 3.10.4:6 3.12.4:1 3.14.1:1 3.14.4:3 4.1.0:2 4.3.1:1 4.3.2:2 4.3.3:2
    4.4.0:1 4.5.0:2 4.6.0:6 4.7.1:3 4.7.2:1 4.7.3:4 4.8.0:2 6.0.0:4 7.0.0:2 7.1.1:1 7.1.2:1`,
  5: `1.5.4:3 1.5.5:1 1.5.7:1 2.1.3:1 2.2.1:2-6 2.2.2:1 3.1.0:2 3.1.2:30 3.1.3:12 3.1.4:6 3.2.0:2 3.2.2:22 3.3.1:13 3.3.2:20
    3.3.4:10 3.4.2:3 3.5.2:3 3.6.1:1 3.6.2:3 3.7.2:3 3.8.1:1 3.8.3:5 3.8.4:8 3.9.2:2 3.9.3:2 3.10.1:1 3.10.3:2 3.10.4:6
    3.11.2:2 3.11.3:2 3.12.4:1 3.14.0:1 3.14.1:1 3.14.2:4 3.14.4:3 3.15.1:1 3.15.2:3 4.1.0:2 4.2.0:1 4.3.1:1 4.3.2:5
    4.3.3:13 4.4.0:2 4.5.0:2 4.6.0:6 4.7.0:1 4.7.1:2 4.7.2:1 4.7.3:4 4.8.2:6 4.9.0:3 4.12.0:7 4.12.1:2 4.13.1:1 4.13.2:1
    6.0.0:4`,
}

/** All numbered clauses of a standard. */
export function normative(version: Version): string[] {
  return SECTIONS[version].split(/\s+/).flatMap(entry => {
    const [section, numbers] = entry.split(':')
    const range = numbers.split('-').map(Number)
    return idsOf(section, range.length === 1 ? [1, range[0]] : range)
  })
}

/** The ids of `3.1.2-4..8 3.1.2-10`. */
export function listed(text: string): string[] {
  if (text === '') return []
  return text.split(/\s+/).flatMap(entry => {
    const [section, numbers] = entry.split('-')
    const range = numbers.split('..').map(Number)
    return idsOf(section, range.length === 1 ? [range[0], range[0]] : range)
  })
}

function idsOf(section: string, [first, last]: readonly number[]): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `MQTT-${section}-${first + index}`)
}
