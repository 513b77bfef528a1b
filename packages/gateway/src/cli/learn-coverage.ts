import { extname } from 'node:path'
import { RingwallError } from '../base/error.ts'
import { ticks } from './learn-axes.ts'
import { writeOut } from './learn-input.ts'
import { escaped, STYLE } from './learn-svg.ts'

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [800, 420, 80, 20, 46, 54]
const POINTS = 200

const SVG_STYLE = `
text { font: 12px system-ui, sans-serif; fill: var(--soft) }
.name { fill: var(--ink); font-weight: 600 }
.frame, .tick { stroke: var(--line); fill: none }
.series { stroke: var(--series); fill: none; stroke-width: 1.6 }
.ground { fill: var(--ground) }
`

/** Draws how many of the decided rows are right as the most doubtful are declined: an SVG, or a page that holds one, by the file's ending. Errors: `plot_kind`, `file_unusable`. */
export function writeCoverage(
  file: string,
  title: string,
  doubt: Float64Array,
  right: readonly (boolean | null)[],
): void {
  const ending = extname(file).toLowerCase()
  if (!['.svg', '.html', '.htm'].includes(ending)) {
    const what = `--plot ${file} has no ending .svg or .html`
    throw new RingwallError('plot_kind', what, 'Name a file that ends in .svg or .html.')
  }
  const svg = drawing(`Accuracy against coverage: ${title}`, curveOf(doubt, right))
  writeOut(file, ending === '.svg' ? svg : page(title, svg))
}

/** Coverage and accuracy, from all rows down to the least doubtful. */
function curveOf(doubt: Float64Array, right: readonly (boolean | null)[]): [coverage: number, accuracy: number][] {
  const order = Array.from(right.keys())
    .filter(row => right[row] !== null)
    .sort((a, b) => doubt[a]! - doubt[b]! || a - b)
  const curve: [number, number][] = []
  const step = Math.max(1, Math.floor(order.length / POINTS))
  let hits = 0
  for (const [place, row] of order.entries()) {
    hits += Number(right[row])
    if ((order.length - 1 - place) % step === 0) curve.push([(place + 1) / order.length, hits / (place + 1)])
  }
  return curve
}

function drawing(title: string, curve: readonly (readonly [number, number])[]): string {
  const least = Math.min(...curve.map(([, accuracy]) => accuracy), 0.99)
  const x = (coverage: number): number => LEFT + coverage * (WIDTH - LEFT - RIGHT)
  const y = (accuracy: number): number => HEIGHT - BOTTOM - ((accuracy - least) / (1 - least)) * (HEIGHT - TOP - BOTTOM)
  const at = (value: number): string => String(Math.round(value * 10) / 10)
  const path = curve
    .map(([coverage, accuracy], i) => `${i === 0 ? 'M' : 'L'}${at(x(coverage))} ${at(y(accuracy))}`)
    .join('')
  const body = [
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="name" x="${LEFT}" y="24">${escaped(title)}</text>`,
    `<rect class="frame" x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - TOP - BOTTOM}"/>`,
    ...ticks(0, 1, 5).map(
      mark =>
        `<path class="tick" d="M${at(x(mark))} ${HEIGHT - BOTTOM}v6"/><text x="${at(x(mark))}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${Number(mark.toFixed(2))}</text>`,
    ),
    ...ticks(least, 1, 6).map(
      mark =>
        `<path class="tick" d="M${LEFT - 6} ${at(y(mark))}h6"/><text x="${LEFT - 10}" y="${at(y(mark) + 4)}" text-anchor="end">${Number(mark.toPrecision(4))}</text>`,
    ),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">share of rows that are decided</text>`,
    `<text x="${LEFT}" y="${TOP - 6}">share of them that are right</text>`,
    `<path class="series" d="${path}"/>`,
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}${SVG_STYLE}</style>
${body.join('\n')}
</svg>
`
}

/** A page that holds a drawing. */
export function page(title: string, svg: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}
body { margin: 0 auto; max-width: 900px; padding: 1rem; background: var(--ground) }
svg { width: 100%; height: auto }
</style>
</head>
<body>
${svg}</body>
</html>
`
}
