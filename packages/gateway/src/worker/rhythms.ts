import type { NamedTopic } from '../lanes/rhythm-keeper.ts'
import { applyTask, type RhythmTask } from '../lanes/rhythm-tasks.ts'
import type { Connection } from '../path/connection.ts'

/** Topics whose rhythm is learned from now on, until the next report: each gets its entry once, so no more than lanes have entries. */
export class FreshTopics {
  #topics: NamedTopic[] = []

  readonly note = (lane: number, key: number, topic: string): void => {
    this.#topics.push({ lane, key, topic })
  }

  take(): NamedTopic[] {
    const topics = this.#topics
    this.#topics = []
    return topics
  }
}

/** Carries out what a person decided about the rhythm of a connection's device, between two of its acts. */
export function decide({ lane }: Connection, task: RhythmTask): void {
  if (lane !== null) applyTask(lane.rhythm, task)
}
