import type { PartName, Parts } from '@erato/contracts/content/resource-parts';
import type { Renderer } from '../post/renderer.js';

/** The typed part of a resource of any type, as it is shown. */
export type AnyPart = NonNullable<Parts<'shown'>[PartName]>;

/** The typed part of a resource of any type, as it can be given. */
type GivenPart = NonNullable<Parts<'made'>[PartName]>;

/** What making or patching a part has at hand. */
export interface PartTools {
  readonly renderer: Renderer;
}

/** A part ready to be stored, and the words from which an excerpt is cut; null where the type has none. */
export interface PreparedPart {
  /** The values of {@link PartType.columns}, in their order. */
  readonly values: readonly unknown[];
  /** The values of {@link PartType.inRow}, in their order. */
  readonly inRow?: readonly unknown[];
  /** The part as it is shown. */
  readonly shown: AnyPart;
  readonly text: string | null;
}

/** Everything that is particular to the typed part of one type of resource. */
export interface PartType {
  /** Its name in JSON. */
  readonly part: PartName;
  /** Its table, whose key is `resource_id`, and what the part is made of there, with the SQL type of each. */
  readonly table: string;
  readonly columns: Readonly<Record<string, string>>;
  /** What of it the resource's own row holds too, since lists filter by it in the order of an index. */
  readonly inRow?: Readonly<Record<string, string>>;
  /** Whether it may be left out at making: each of its fields may. */
  readonly mayBeEmpty?: boolean;
  /** The part as JSON, of the table's row `p`. */
  readonly json: string;
  /** Checks what was given beyond its schema and makes the rows of it. `path` is the field that holds the part. */
  make(given: object, path: string, tools: PartTools): Promise<PreparedPart>;
  /** The same for what a merge patch makes of the part that stands. */
  patch(standing: AnyPart, patch: object, path: string, tools: PartTools): Promise<PreparedPart>;
  /** Of a part that stands what can be given: revisions keep it, and restoring gives it again. */
  given(shown: AnyPart): GivenPart;
  /** The words of a part that stands, from which an excerpt is cut; null where the type has none. */
  textOf(shown: AnyPart): string | null;
}
