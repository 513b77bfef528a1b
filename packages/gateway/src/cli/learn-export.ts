import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { topFeatures } from './learn-features.ts'
import { learning, readModelFile, writeOut } from './learn-input.ts'
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
  runs<{ onnx?: string; xgboost?: string }>(command, ([file = '-'], options) =>
    learning(file, () => exported(file, options)),
  )
}

async function exported(file: string, { onnx, xgboost }: { onnx?: string; xgboost?: string }): Promise<Outcome> {
  if (onnx === undefined && xgboost === undefined)
    throw new RingwallError('usage', 'it takes --onnx or --xgboost', 'See --help for an example.')
  const { inputNames, writeOnnx } = await import('@ringwall/learn/io')
  const loaded = await readModelFile(file)
  const { model } = loaded
  if (xgboost !== undefined) {
    if (model.kind !== 'boosted-trees') {
      const what = `it is a model of kind ${model.kind}, and XGBoost knows boosted trees only`
      throw new RingwallError('model_not_boosted', what, 'Fit with --algorithm boosting, or export --onnx.', { file })
    }
    const { writeXgboost } = await import('@ringwall/learn/trees')
    writeOut(xgboost, writeXgboost(model.model))
  }
  if (onnx !== undefined) writeOut(onnx, writeOnnx(model))
  const inputs = inputNames(loaded.preprocessing)
  const files = [onnx, xgboost].filter(name => name !== undefined)
  const text = `${files.map(name => `Written: ${name}\n`).join('')}Inputs, in this order: ${inputs.join(', ')}\nClasses: ${loaded.classes.join(', ')}\n`
  const json = { kind: model.kind, inputs, classes: loaded.classes, onnx: onnx ?? null, xgboost: xgboost ?? null }
  return { status: 0, text, json }
}

/** `ringwall learn report`: the card of a kept model. */
export function reportVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'report <model>',
    summary: 'Print the card of a kept model: what it was made from, what was measured, what it takes (Markdown).',
    example: 'ringwall learn report state.model.json --out card.md',
  }).option('--out <file>', 'write it to a file')
  runs<{ out?: string }>(command, ([file = '-'], { out }) =>
    learning(file, async () => {
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
      return { status: 0, text: out === undefined ? card : `Card: ${out}\n`, json }
    }),
  )
}
