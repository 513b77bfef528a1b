import type { Line } from '../base/report.ts'
import { Python } from '../peers/python.ts'
import type { Setting } from './bench.ts'
import { believed } from './model-ensemble-believed.ts'
import { readModbus, readNslKdd } from './model-ensemble-data.ts'
import { modbus } from './model-ensemble-modbus.ts'
import { askPeer, type Run } from './model-ensemble-parts.ts'
import { unseenFamilies } from './model-ensemble-unseen.ts'
import { folderOf } from './quality-data.ts'

const PEER_SCRIPT = new URL('../peers/model-ensemble.py', import.meta.url).pathname
/** Seeds beyond these cost more than they tell. */
const MOST_SEEDS = 3
/** What `--only` is looked for in. */
const MODBUS = 'model-ensemble: TON_IoT Modbus'
const UNSEEN = 'model-ensemble: NSL-KDD, unseen family'
const BELIEVED = 'model-ensemble: NSL-KDD, 70/30'
const PARTS = [MODBUS, UNSEEN, BELIEVED]
/** What a smoke run is fitted with. */
const QUICK = { trees: 5, rounds: 5, epochs: 1 }

/** The ensemble beside scikit-learn's forest and XGBoost, each on one thread, on the same rows: classes of a stream, families of attack that nobody learned, and how far probabilities can be believed. */
export async function* modelEnsemble({ options, own, folder }: Setting): AsyncGenerator<Line> {
  const wants = (name: string): boolean => options.only === undefined || name.includes(options.only)
  if (!PARTS.some(wants)) return
  const python = own(await Python.start(PEER_SCRIPT, ['python3-sklearn', 'python3-xgboost']))
  const seeds = Array.from({ length: Math.min(options.rounds, MOST_SEEDS) }, (_, i) => options.seed + i)
  const run = (epochs: number): Run => ({
    seeds,
    sizes: options.quick ? QUICK : { epochs },
    peer: (part, model, seed) => askPeer(python, folder, part, model, seed),
  })
  const [ton, nsl] = [folderOf('ton-iot'), folderOf('nsl-kdd')]
  if (ton !== null && wants(MODBUS)) yield* modbus(readModbus(ton), run(30))
  if (nsl === null) return
  const kdd = readNslKdd(nsl)
  if (wants(UNSEEN)) yield* unseenFamilies(kdd, run(12))
  if (wants(BELIEVED)) yield* believed(kdd, run(12))
}
