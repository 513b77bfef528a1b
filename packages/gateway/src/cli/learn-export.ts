import type { OwnMember } from '@ringwall/learn/ensemble'
import type { AnyModel } from '@ringwall/learn/io'
import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { beside, listed } from './learn-beside.ts'
import { topFeatures } from './learn-features.ts'
import { learning, readModelFile, writeOut } from './learn-input.ts'
import { checkOutputs } from './learn-outputs.ts'
import { type Outcome, runs, verb } from './verb.ts'

/** `ringwall learn export`: a kept model in the formats of others. */
export function exportVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'export <model>',
    summary: "Write a kept model as ONNX, or boosted trees as XGBoost's JSON.",
    example: 'ringwall learn export state.model.json --onnx state.onnx',
  })
    .option('--onnx <file>', 'where the ONNX model goes')
    .option('--xgboost <file>', "where XGBoost's JSON model goes")
    .option('--member <kind>', 'one model of an ensemble: random-forest, boosted-trees or mlp-classifier')
    .addHelpText('after', AFTER)
  runs<ExportOptions>(command, ([file = '-'], options) => learning(file, () => exported(file, options)))
}

const AFTER = `
The model takes encoded rows. ONNX metadata says how columns become inputs: ringwall.inputs, ringwall.classes and ringwall.preprocessing, each JSON.
An ensemble is written whole (with ringwall.members, and ringwall.hardened where it is), or one of its members: all take the same rows.
XGBoost's file has feature_names and feature_types; [ ] and <, which XGBoost takes in no name, are written ( ) and &lt;.`

interface ExportOptions {
  readonly onnx?: string
  readonly xgboost?: string
  readonly member?: string
  readonly json?: boolean
}

async function exported(file: string, { onnx, xgboost, member, json: isJson }: ExportOptions): Promise<Outcome> {
  if (onnx === undefined && xgboost === undefined)
    throw new RingwallError('usage', 'it takes --onnx or --xgboost', 'See --help for an example.')
  checkOutputs({ '--onnx': onnx, '--xgboost': xgboost }, [file])
  const { inputNames, inputTypes, writeMember, writeOnnx } = await import('@ringwall/learn/io')
  const loaded = await readModelFile(file)
  const { preprocessing, classes } = loaded
  const part = await chosen(loaded.model, member, xgboost !== undefined, file)
  const model = part ?? loaded.model
  const inputs = inputNames(preprocessing)
  if (xgboost !== undefined) {
    if (model.kind !== 'boosted-trees') {
      const what = `it is a model of kind ${model.kind}, and XGBoost knows boosted trees only`
      throw new RingwallError('model_not_boosted', what, 'Fit with --algorithm boosting, or export --onnx.', { file })
    }
    const { writeXgboost } = await import('@ringwall/learn/trees')
    const types = inputTypes(preprocessing).map(type => (type === 'indicator' ? 'i' : 'float'))
    writeOut(xgboost, writeXgboost(model.model, { names: inputs, types }))
  }
  if (onnx !== undefined) writeOut(onnx, part === null ? writeOnnx(loaded.model, loaded) : writeMember(part, loaded))
  const files = [onnx, xgboost].filter(name => name !== undefined)
  const text = [
    ...files.map(name => `Written: ${name}\n`),
    `Inputs, in this order: ${listed(inputs)}\n`,
    classes.length === 0 ? '' : `Classes: ${listed(classes)}\n`,
  ].join('')
  const json = { kind: model.kind, inputs, classes, preprocessing, onnx: onnx ?? null, xgboost: xgboost ?? null }
  return beside(files, isJson, { status: 0, text, json })
}

/** The member of an ensemble that was asked for; null where it is the model whole. @param isOne whether an ensemble does not do. Errors: `model_member`. */
async function chosen(
  model: AnyModel,
  asked: string | undefined,
  isOne: boolean,
  file: string,
): Promise<OwnMember | null> {
  const { ensembleIn } = await import('@ringwall/learn/io')
  const ensemble = ensembleIn(model)
  if (ensemble === null) {
    if (asked === undefined) return null
    const what = `it is a model of kind ${model.kind}, and has no members`
    throw new RingwallError('model_member', what, 'Leave --member out.', { file })
  }
  if (asked === undefined && !isOne) return null
  const { members } = ensemble.parts
  const found = members.find(({ kind }) => kind === asked)
  if (found !== undefined) return found
  const kinds = members.map(({ kind }) => kind).join(', ')
  const what = asked === undefined ? "and XGBoost's format takes one model" : `and has no member ${asked}`
  throw new RingwallError('model_member', `it is an ensemble of ${kinds}, ${what}`, 'Say which one with --member.', {
    file,
  })
}

/** `ringwall learn report`: the card of a kept model. */
export function reportVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'report <model>',
    summary: 'Print the card of a kept model: what it was made from, what was measured, what it takes (Markdown).',
    example: 'ringwall learn report state.model.json --out card.md',
  }).option('--out <file>', 'write it to a file')
  runs<{ out?: string; json?: boolean }>(command, ([file = '-'], { out, json: isJson }) =>
    learning(file, async () => {
      checkOutputs({ '--out': out }, [file])
      const { modelCard } = await import('@ringwall/learn/io')
      const loaded = await readModelFile(file)
      const card = modelCard(loaded)
      if (out !== undefined) writeOut(out, card)
      const { digest, schema, classes, calibration, training, preprocessing, model } = loaded
      const json = {
        kind: model.kind,
        digest,
        schema,
        classes,
        calibration,
        training,
        preprocessing,
        features: await topFeatures(loaded),
      }
      return beside([out], isJson, { status: 0, text: out === undefined ? card : `Card: ${out}\n`, json })
    }),
  )
}
