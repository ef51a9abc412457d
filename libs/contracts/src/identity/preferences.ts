import { Flag, Nullable, OneOf, Optional, Text } from '../kit/fields.js';

const locale = /^[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/;
const zone = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/;
const themes = ['system', 'light', 'dark'] as const;

/** What a person chose for how Erato behaves to him: closed (identity.md, Tables). What is absent was not chosen. */
export class Preferences {
  /** BCP 47: `en`, `de-AT`. */
  @Text({ min: 2, max: 35, pattern: locale }) @Optional() locale?: string;
  /** IANA: `Europe/Vienna`. */
  @Text({ min: 1, max: 64, pattern: zone }) @Optional() timezone?: string;
  @OneOf(themes) @Optional() theme?: (typeof themes)[number];
  @Flag() @Optional() emailNotifications?: boolean;
  @Flag() @Optional() pushNotifications?: boolean;
  @Flag() @Optional() explicitContent?: boolean;
  @Flag() @Optional() autoplay?: boolean;
}

/** A merge patch of {@link Preferences}: null takes a choice back. */
export class PreferencesPatch {
  @Text({ min: 2, max: 35, pattern: locale }) @Nullable() @Optional() locale?: string | null;
  @Text({ min: 1, max: 64, pattern: zone }) @Nullable() @Optional() timezone?: string | null;
  @OneOf(themes) @Nullable() @Optional() theme?: (typeof themes)[number] | null;
  @Flag() @Nullable() @Optional() emailNotifications?: boolean | null;
  @Flag() @Nullable() @Optional() pushNotifications?: boolean | null;
  @Flag() @Nullable() @Optional() explicitContent?: boolean | null;
  @Flag() @Nullable() @Optional() autoplay?: boolean | null;
}
