import { extname } from 'node:path'
import { RingwallError } from '../base/error.ts'
import type { Fate } from './learn-attack-run.ts'
import { ticks } from './learn-axes.ts'
import { page } from './learn-coverage.ts'
import { writeOut } from './learn-input.ts'
import { escaped, STYLE } from './learn-svg.ts'

/** A model that was attacked. */
export interface Drawn {
  readonly name: string
  readonly clean: number
  readonly fates: readonly Fate[]
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [800, 440, 60, 230, 46, 54]
/** A dash for each attack; one model after the other has a color. */
const ATTACKS = [
  { name: 'fgsm', dash: '2 4' },
  { name: 'pgd', dash: '8 4' },
  { name: 'search', dash: '8 3 2 3' },
  { name: 'search after pgd', dash: '8 3 2 3 2 3' },
  { name: 'black box', dash: '1 2' },
  { name: 'transfer', dash: '12 3' },
  { name: 'worst', dash: 'none' },
] as const
const COLORS = ['red', 'series'] as const

const SVG_STYLE = `
text { font: 12px system-ui, sans-serif; fill: var(--soft) }
.name { fill: var(--ink); font-weight: 600 }
.frame, .tick { stroke: var(--line); fill: none }
.red, .series { fill: none; stroke-width: 1.6 }
.red { stroke: var(--alarm) }
.series { stroke: var(--series) }
.ground { fill: var(--ground) }
`

/** Draws accuracy over epsilon, a line an attack and model: an SVG, or a page that holds one, by the file's ending. Errors: `plot_kind`, `file_unusable`. */
export function writeFates(file: string, title: string, models: readonly Drawn[]): void {
  const svg = drawing(title, models)
  writeOut(file, endingOf(file) === '.svg' ? svg : page(title, svg))
}

/** The ending of a plot's file: before minutes of work, not behind them. Error: `plot_kind`. */
export function endingOf(file: string): string {
  const ending = extname(file).toLowerCase()
  if (['.svg', '.html', '.htm'].includes(ending)) return ending
  const what = `--plot ${file} has no ending .svg or .html`
  throw new RingwallError('plot_kind', what, 'Name a file that ends in .svg or .html.')
}

interface Curve {
  readonly name: string
  readonly color: string
  readonly dash: string
  readonly points: readonly (readonly [epsilon: number, accuracy: number])[]
}

function curvesOf(models: readonly Drawn[]): Curve[] {
  return models.flatMap(({ name, clean, fates }, m) =>
    ATTACKS.flatMap((attack): Curve[] => {
      const points = fates.flatMap(fate => {
        const accuracy = accuracyUnder(fate, attack.name)
        return accuracy === undefined ? [] : [[fate.epsilon, accuracy] as const]
      })
      const color = COLORS[models.length === 1 ? 1 : m % COLORS.length]!
      return points.length === 0
        ? []
        : [{ name: `${name}, ${attack.name}`, color, dash: attack.dash, points: [[0, clean], ...points] }]
    }),
  )
}

function accuracyUnder({ fgsm, each, worst }: Fate, attack: (typeof ATTACKS)[number]['name']): number | undefined {
  if (attack === 'fgsm') return fgsm
  if (attack === 'worst') return worst
  return each.find(({ name }) => name === attack)?.accuracy
}

function drawing(title: string, models: readonly Drawn[]): string {
  const curves = curvesOf(models)
  const most = Math.max(...curves.flatMap(({ points }) => points.map(([epsilon]) => epsilon)))
  const x = (epsilon: number): number => LEFT + (epsilon / most) * (WIDTH - LEFT - RIGHT)
  const y = (accuracy: number): number => HEIGHT - BOTTOM - accuracy * (HEIGHT - TOP - BOTTOM)
  const at = (value: number): string => String(Math.round(value * 10) / 10)
  const body = [
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="name" x="${LEFT}" y="24">${escaped(title)}</text>`,
    `<rect class="frame" x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - TOP - BOTTOM}"/>`,
    ...ticks(0, most, 6).map(
      mark =>
        `<path class="tick" d="M${at(x(mark))} ${HEIGHT - BOTTOM}v6"/><text x="${at(x(mark))}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${Number(mark.toPrecision(4))}</text>`,
    ),
    ...ticks(0, 1, 5).map(
      mark =>
        `<path class="tick" d="M${LEFT - 6} ${at(y(mark))}h6"/><text x="${LEFT - 10}" y="${at(y(mark) + 4)}" text-anchor="end">${Number(mark.toPrecision(4))}</text>`,
    ),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">epsilon, in standard deviations</text>`,
    `<text x="${LEFT}" y="${TOP - 6}">share of rows told rightly</text>`,
    ...curves.flatMap(({ name, color, dash, points }, i) => {
      const path = points.map(([epsilon, accuracy], k) => `${k === 0 ? 'M' : 'L'}${at(x(epsilon))} ${at(y(accuracy))}`)
      const line = (d: string): string => `<path class="${color}" stroke-dasharray="${dash}" d="${d}"/>`
      const top = TOP + 14 + 20 * i
      const left = WIDTH - RIGHT + 14
      return [
        line(path.join('')),
        line(`M${left} ${top - 4}h30`),
        `<text x="${left + 38}" y="${top}">${escaped(name)}</text>`,
      ]
    }),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}${SVG_STYLE}</style>
${body.join('\n')}
</svg>
`
}
