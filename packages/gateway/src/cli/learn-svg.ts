import type { ScoredRow } from './learn-alarms.ts'
import { alarmsIn } from './learn-alarms.ts'
import { linePath, scoreScale, ticks, valueScale, xTicks } from './learn-axes.ts'
import type { Chosen } from './learn-columns.ts'
import { printable } from './output.ts'

/** What is drawn. */
export interface Plot {
  readonly title: string
  /** So many rows, from the first one on, were learned from. */
  readonly trainRows: number
  /** Milliseconds since 1970 of each row. */
  readonly times: Float64Array | null
  readonly chosen: Chosen
  /** NaN as scores where there are none. */
  readonly rows: readonly ScoredRow[]
}

const WIDTH = 1_000
const LEFT = 215
const RIGHT = 20
const TOP = 46
const SCORE_HEIGHT = 130
const LANE_HEIGHT = 62
const GAP = 12
const BOTTOM = 44
const MOST_LANES = 16

/** Colors by the reader's choice of light or dark. */
export const STYLE = `
:root { --ground: #ffffff; --ink: #1c2430; --soft: #5a6675; --line: #d8dee6; --series: #2f6fb0; --alarm: #c62f2f; --change: #8a4fbf; --learned: #eef2f6 }
@media (prefers-color-scheme: dark) {
:root { --ground: #12161c; --ink: #e6ebf2; --soft: #9aa7b6; --line: #2e3947; --series: #7ab5ef; --alarm: #ff7a70; --change: #c9a0f5; --learned: #1a212a }
}
`

const SVG_STYLE = `
text { font: 12px system-ui, sans-serif; fill: var(--soft) }
.name { fill: var(--ink); font-weight: 600 }
.frame, .tick { stroke: var(--line); fill: none }
.series { stroke: var(--series); fill: none; stroke-width: 1.2; stroke-linejoin: round }
.alarm { fill: var(--alarm); opacity: .13 }
.blamed { stroke: var(--alarm); stroke-width: 5 }
.limit { stroke: var(--alarm); stroke-dasharray: 5 4 }
.change { stroke: var(--change); stroke-dasharray: 2 3 }
.red { fill: var(--alarm) }
.purple { fill: var(--change) }
.learned { fill: var(--learned) }
.ground { fill: var(--ground) }
`

/** The series, one lane a sensor, beneath the scores, with alarms, changes and what was blamed. */
export function drawing(plot: Plot): string {
  const { rows, chosen, title } = plot
  const hasScores = rows.some(({ score }) => !Number.isNaN(score))
  const lanes = lanesOf(plot)
  const scoreHeight = hasScores ? SCORE_HEIGHT + GAP : 0
  const bottom = TOP + scoreHeight + lanes.length * (LANE_HEIGHT + GAP) - GAP
  const x = (row: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * row) / Math.max(1, rows.length - 1)
  const hidden = chosen.names.length - lanes.length
  const note =
    hidden > 0 ? `<text x="${WIDTH - RIGHT}" y="20" text-anchor="end">${hidden} more sensors are not drawn</text>` : ''
  const body = [
    `<rect class="ground" width="${WIDTH}" height="${bottom + BOTTOM}"/>`,
    `<text class="name" x="${LEFT}" y="20">${escaped(title)}</text>${note}`,
    background(plot, x, bottom, hasScores),
    hasScores ? scorePanel(rows, x) : '',
    ...lanes.map((sensor, i) => lane(plot, sensor, TOP + scoreHeight + i * (LANE_HEIGHT + GAP), x)),
    ...xTicks(plot.times, rows.length).map(
      ({ row, text }) =>
        `<path class="tick" d="M${at(x(row))} ${bottom}v6"/><text x="${at(x(row))}" y="${bottom + 22}" text-anchor="middle">${escaped(text)}</text>`,
    ),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + BOTTOM}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}${SVG_STYLE}</style>
${body.join('\n')}
</svg>
`
}

/** The sensors that are drawn: those that were blamed first, if there are too many. */
function lanesOf({ chosen, rows }: Plot): number[] {
  const all = chosen.names.map((_, i) => i)
  if (all.length <= MOST_LANES) return all
  const blamed = new Float64Array(all.length)
  for (const { sensor } of rows) if (sensor >= 0) blamed[sensor]!++
  return all.toSorted((a, b) => blamed[b]! - blamed[a]! || a - b).slice(0, MOST_LANES)
}

function background(plot: Plot, x: (row: number) => number, bottom: number, hasScores: boolean): string {
  const { rows, trainRows, times, chosen } = plot
  const height = bottom - TOP
  const learned =
    trainRows > 0
      ? `<rect class="learned" x="${LEFT}" y="${TOP}" width="${at(x(trainRows) - LEFT)}" height="${height}"/><text x="${LEFT + 4}" y="${TOP - 6}">learned from</text>`
      : ''
  const alarms = alarmsIn(rows).map(({ from, to, highest, sensor }) => {
    const width = Math.max(1, x(to) - x(from))
    const what = `alarm ${whenText(times, from)} to ${whenText(times, to)}, score ${highest.toFixed(2)}, ${chosen.names[sensor] ?? 'no sensor'}`
    return `<rect class="alarm" x="${at(x(from))}" y="${TOP}" width="${at(width)}" height="${height}"><title>${escaped(what)}</title></rect>`
  })
  const cuts = rows.flatMap(({ change }, row) => (change ? [`M${at(x(row))} ${TOP}v${height}`] : []))
  const changes = cuts.length === 0 ? '' : `<path class="change" d="${cuts.join('')}"/>`
  const marks = hasScores ? '<tspan class="red">▮</tspan> alarm   <tspan class="red">▬</tspan> blamed sensor   ' : ''
  const legend = `${marks}<tspan class="purple">┆</tspan> change`
  return `${learned}${alarms.join('')}${changes}<text x="${WIDTH - RIGHT}" y="${TOP - 6}" text-anchor="end">${legend}</text>`
}

function scorePanel(rows: readonly ScoredRow[], x: (row: number) => number): string {
  const scores = Float64Array.from(rows, ({ score }) => score)
  const { place, marks } = scoreScale(scores, TOP, SCORE_HEIGHT)
  return [
    frame(TOP, SCORE_HEIGHT),
    `<text class="name" x="10" y="${TOP + 14}">score</text>`,
    ...marks.map(mark => yMark(mark, place(mark))),
    `<path class="series" d="${linePath(scores, x, place, WIDTH - LEFT - RIGHT)}"/>`,
    `<path class="limit" d="M${LEFT} ${at(place(1))}H${WIDTH - RIGHT}"><title>a score above 1 begins an alarm</title></path>`,
  ].join('')
}

function lane({ chosen, rows }: Plot, sensor: number, top: number, x: (row: number) => number): string {
  const { matrix, names } = chosen
  const values = Float64Array.from(rows, (_, row) => matrix.data[row * matrix.columns + sensor]!)
  const { place, low, high } = valueScale(values, top, LANE_HEIGHT)
  const blamed = rows.flatMap(({ alarm, sensor: its }, row) =>
    alarm && its === sensor
      ? [`M${at(x(row))} ${top + LANE_HEIGHT - 2.5}H${at(Math.max(x(row) + 1, x(row + 1)))}`]
      : [],
  )
  return [
    frame(top, LANE_HEIGHT),
    `<text class="name" x="10" y="${top + 14}">${escaped(short(names[sensor]!))}</text>`,
    ...ticks(low, high, 3).map(mark => yMark(mark, place(mark))),
    `<path class="series" d="${linePath(values, x, place, WIDTH - LEFT - RIGHT)}"/>`,
    blamed.length === 0
      ? ''
      : `<path class="blamed" d="${blamed.join('')}"><title>blamed: ${escaped(names[sensor]!)}</title></path>`,
  ].join('')
}

const frame = (top: number, height: number): string =>
  `<rect class="frame" x="${LEFT}" y="${top}" width="${WIDTH - LEFT - RIGHT}" height="${height}"/>`

const yMark = (value: number, y: number): string =>
  `<text x="${LEFT - 8}" y="${at(y + 4)}" text-anchor="end">${String(Number(value.toPrecision(6)))}</text><path class="tick" d="M${LEFT - 4} ${at(y)}h4"/>`

const LONGEST_NAME = 18
const short = (name: string): string => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name)
const at = (value: number): string => String(Math.round(value * 10) / 10)

/** When a row was, or which it is. */
export function whenText(times: Float64Array | null, row: number): string {
  const time = times?.[row] ?? Number.NaN
  return Number.isNaN(time)
    ? `row ${row}`
    : `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} (row ${row})`
}

/** What a file says must not become markup. */
export const escaped = (text: string): string =>
  printable(text).replace(/[&<>"']/g, letter => `&#${letter.charCodeAt(0)};`)
