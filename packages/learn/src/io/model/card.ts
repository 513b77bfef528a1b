import { type AnyModel, KIND_NAMES } from './any.ts'
import { canonical, type Json } from './canonical.ts'
import { ensembleIn } from './ensemble.ts'
import { partsOf } from './parts.ts'
import { inputNames } from './preprocess.ts'
import type { LoadedModel, SchemaColumn } from './record.ts'
import { seriesSummary } from './series.ts'
import { watchSummary } from './watch.ts'

/** A model card (Mitchell et al., FAT* 2019) in Markdown: only what the model's file says. */
export function modelCard(loaded: LoadedModel): string {
  const { model, schema, classes, calibration, training, digest, preprocessing } = loaded
  const { options: all, arrays } = partsOf(model)
  const options = summaryOf(model) ?? all
  const numbers = arrays.reduce((sum, { data }) => sum + data.length, 0)
  const label = schema.find(({ role }) => role === 'label')
  const lines = [
    `# Model card: ${KIND_NAMES[model.kind]}`,
    '',
    `| | |`,
    '| --- | --- |',
    `| Digest (SHA-256) | \`${digest}\` |`,
    `| Made | ${cell(training.date)} |`,
    `| Training rows | ${training.rows} |`,
    `| Training data (SHA-256) | ${cell(training.data)} |`,
    `| Seed | ${training.seed} |`,
    `| Training options | ${cell(canonical(briefly(training.options)))} |`,
    `| Model options | ${cell(JSON.stringify(options))} |`,
    `| Size | ${arrays.length} tensors, ${numbers} numbers |`,
    ...(label === undefined ? [] : [`| Says | ${cell(label.name)}: ${listed(classes)} |`]),
    ...(calibration === undefined
      ? []
      : [`| Threshold | ${calibration.threshold}, ${rateText(calibration.falseAlarms)} |`]),
    ...(calibration?.method === undefined ? [] : [`| Known by | ${cell(calibration.method)} |`]),
    ...(calibration?.channels ?? []).map(
      ({ name, threshold, scores }) => `| ${cell(name)} | threshold ${round(threshold)}, by ${scores} scores |`,
    ),
    '',
    ...ensembleLines(model, classes),
    '## What was measured',
    '',
    ...figures(training.figures),
    '',
    '## Data',
    '',
    '| column | kind | role | range or words | missing |',
    '| --- | --- | --- | --- | --- |',
    ...schema.map(row),
    '',
    '## Inputs',
    '',
    `${inputNames(preprocessing).length} inputs in this order: ${listed(inputNames(preprocessing))}.`,
    '',
    '## Limits',
    '',
    'It has seen the ranges and words above and nothing else; beyond them its answers are guesses. The figures hold for rows like those that they were measured on.',
    '',
  ]
  return lines.join('\n')
}

const rateText = (falseAlarms: number): string =>
  falseAlarms > 0 ? `at a false-alarm rate of ${round(falseAlarms)}` : 'above all rows that set it'

/** Of a model whose options fill a page, what is told of it; null of others. */
function summaryOf(model: AnyModel): Json | null {
  if (model.kind === 'series') return seriesSummary(model.model)
  return model.kind === 'watch' ? watchSummary(model.model) : null
}

/** What an ensemble is joined of. */
function ensembleLines(model: AnyModel, classes: readonly string[]): string[] {
  const ensemble = ensembleIn(model)
  if (ensemble === null) return []
  const { members, pool, doubts } = ensemble.parts
  const { ambiguous, disagreement, novel } = doubts.shares
  const unseen =
    model.kind === 'attack-detector'
      ? ` Attacks of a kind that was never seen are told by ${listed(model.model.parts.signs)}, beside class ${cell(classes[model.model.parts.normal] ?? '')}.`
      : ''
  const how = pool.kind === 'vote' ? 'a soft vote (weights of 1 in all)' : 'stacking (multinomial logistic)'
  return [
    '## Members',
    '',
    `Joined by ${how}. A row is doubtful by the rarest of three signs, which count ${ambiguous} (ambiguous), ${disagreement} (disagreement) and ${novel} (novel).${unseen}`,
    '',
    '| member | weight |',
    '| --- | --- |',
    ...members.map(({ kind }, m) => `| ${kind} | ${round(pool.weights[m]!)} |`),
    '',
  ]
}

const LONGEST = 200

/** Options without those that fill a page. */
function briefly(options: Json): Json {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) return options
  const short = Object.entries(options).filter(([, each]) => each === undefined || canonical(each).length <= LONGEST)
  return Object.fromEntries(short)
}

function figures(measured: LoadedModel['training']['figures']): string[] {
  const entries = Object.entries(measured ?? {})
  if (entries.length === 0) return ['Nothing.']
  return [
    '| figure | value |',
    '| --- | --- |',
    ...entries.map(([name, value]) => `| ${cell(name)} | ${round(value)} |`),
  ]
}

const MOST_WORDS = 12

function row({ name, kind, role, least, most, missing, categories }: SchemaColumn): string {
  const words = listed(categories?.slice(0, MOST_WORDS) ?? [])
  const more = (categories?.length ?? 0) > MOST_WORDS ? `, and ${categories!.length - MOST_WORDS} more` : ''
  const seen = least !== undefined && most !== undefined ? `${round(least)} to ${round(most)}` : `${words}${more}`
  return `| ${cell(name)} | ${kind} | ${role} | ${seen} | ${missing} |`
}

const round = (value: number): string => String(Number(value.toPrecision(6)))

/** What a file says must make no table cells, tags or emphasis, and must not steer a terminal. */
const cell = (text: string): string =>
  text
    .replace(/[&|<>`\\*~]|\](?=[[(:])/g, letter => `&#${letter.charCodeAt(0)};`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
    .replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, '\ufffd')

/** Names with commas between them; one with a comma of its own in quotes. */
const listed = (names: readonly string[]): string =>
  names.map(name => cell(/^$|[",]/.test(name) ? JSON.stringify(name) : name)).join(', ')
