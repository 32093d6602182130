import { runAttack, type AttackResult, type Victim } from '../../attacks/index.ts';
import type { Sample } from '../data/dataset.ts';
import { createRng } from '../numeric/random.ts';
import type { AttackEntry, Config, ExplainerEntry } from './config.ts';
import { memo } from './memo.ts';
import { attackIdentity, identity } from './plan.ts';
import type { Programs } from './programs.ts';
import { noRecall, type Recall } from './recall.ts';
import { createSampleWork, predictionFrom, type Prediction, type SampleWork } from './sample-work.ts';
import { unread, type Hashes, type Loaded } from './samples.ts';
import type { Subject } from './subject.ts';

/** An attacked picture with what is predicted for it and, where the attack looked at another sample, that sample. */
export type Attacked = AttackResult & {
  readonly prediction: Prediction;
  readonly other?: Pick<Sample, 'id' | 'hash'>;
};

/** A sample of a batch at work. */
export interface MemberWork extends SampleWork {
  /** The attacked picture; attacks that do not look at the explainer give the same one for all. */
  attacked(attack: AttackEntry, explainer: ExplainerEntry): Promise<Attacked>;
  /** The samples that a unit depends on: after an attack, all that were attacked together, and those that they steered to. */
  samples(attack: AttackEntry | undefined, explainer: ExplainerEntry): Promise<Hashes>;
}

export interface BatchOptions {
  readonly recall?: Recall;
  /** Which attacked pictures are kept while the batch is worked on: those of the last attack asked for, or all. */
  readonly keep?: 'last' | 'all';
}

const hashesOf = (samples: readonly Pick<Sample, 'id' | 'hash'>[]): Hashes =>
  Object.fromEntries(samples.map(({ id, hash }) => [id, hash]));

/**
 * Starts the work on samples that are attacked together, by index in their dataset. Each attack is made on all of them, whichever is asked for.
 * Attacked pictures and clean maps are recalled where they are known.
 */
export function createBatchWork(
  config: Pick<Config, 'seed' | 'target'>,
  subject: Subject,
  programs: Programs,
  { members, unreadable }: Loaded,
  { recall = noRecall, keep = 'last' }: BatchOptions = {},
): ReadonlyMap<number, MemberWork> {
  const { seed } = config;
  const works = [...members].map(([index, sample]) =>
    createSampleWork(config, subject, programs, index, sample, recall),
  );
  const attacks = memo<readonly Attacked[]>(keep);

  async function attackNow(attack: AttackEntry, explainer: ExplainerEntry | undefined, keys: readonly string[]) {
    const others = new Map<number, Sample>();
    const victims: Victim[] = [];
    for (const [i, { sample, target, other }] of works.entries())
      victims.push({
        image: sample.image,
        target: await target(),
        async other() {
          const drawn = await other();
          others.set(i, drawn);
          return drawn.image;
        },
        rng: createRng(seed, keys[i]),
      });
    const results = await runAttack(programs.attack(attack, explainer), victims, (images) => programs.predict(images));
    return results.map((result, i): Attacked => {
      const other = others.get(i);
      return {
        ...result,
        prediction: predictionFrom(result.logits),
        other: other && { id: other.id, hash: other.hash },
      };
    });
  }

  /** The attacked pictures of all members. */
  function attackAll(attack: AttackEntry, explainer: ExplainerEntry): Promise<readonly Attacked[]> {
    const seen = attack.definition.kind === 'explanation' ? (attack.against ?? explainer) : undefined;
    const purpose = [attack.name, ...(seen ? [seen.name] : [])].join('/');
    return attacks(purpose, async () => {
      const keys = works.map(({ name }) => `${name}/${purpose}`);
      const pictures = await Promise.all(works.map(async ({ sample, target }) => [sample.hash, await target()]));
      const own = [seed, subject.model.hash, pictures];
      const parts = ['attack', keys, attackIdentity(attack), seen ? identity(seen) : [], ...own];
      const same = async (found: readonly Attacked[]) => {
        for (const [i, { other }] of found.entries())
          if (other && (await works[i].other()).hash !== other.hash) return false;
        return true;
      };
      return recall(parts, () => attackNow(attack, seen, keys), same);
    });
  }

  const member = (work: SampleWork, i: number): MemberWork => ({
    ...work,
    attacked: async (attack, explainer) => (await attackAll(attack, explainer))[i],
    async samples(attack, explainer) {
      if (!attack) return hashesOf([work.sample]);
      const others = (await attackAll(attack, explainer)).flatMap(({ other }) => other ?? []);
      return {
        ...hashesOf([...works.map(({ sample }) => sample), ...others]),
        ...Object.fromEntries([...unreadable.keys()].map((index) => [subject.dataset.ids[index], unread])),
      };
    },
  });
  return new Map([...members.keys()].map((index, i) => [index, member(works[i], i)]));
}
