import { JsonObject, Optional, TextMap } from '../kit/fields.js';

const name = /^[a-zA-Z][A-Za-z0-9-]{0,39}$/;
const colour = /^[A-Za-z0-9#(),.%\/ -]{1,64}$/;
const family = /^[A-Za-z0-9 ,._-]{1,64}$/;

/**
 * How a profile looks: closed, and at most 8 KiB by the bounds of its parts (identity.md, Tables). Values are held to
 * characters that cannot leave a style sheet's declaration.
 */
export class ThemeConfig {
  /** Colours by what they are for: `{ "primary": "#e4572e" }`. */
  @TextMap({ max: 24, name, length: 64, pattern: colour }) @Optional() colors?: Record<string, string>;
  /** Font families by what they are for: `{ "heading": "Inter" }`. */
  @TextMap({ max: 12, name, length: 64, pattern: family }) @Optional() fonts?: Record<string, string>;
  /** How the page is laid out, as the app that shows it understands it. */
  @JsonObject({ maxBytes: 2048 }) @Optional() layout?: Record<string, unknown>;
}

/** A merge patch of {@link ThemeConfig}: null removes a name. */
export class ThemeConfigPatch {
  @TextMap({ max: 24, name, length: 64, pattern: colour, nulls: true }) @Optional() colors?: Record<
    string,
    string | null
  >;
  @TextMap({ max: 12, name, length: 64, pattern: family, nulls: true }) @Optional() fonts?: Record<
    string,
    string | null
  >;
  @JsonObject({ maxBytes: 2048 }) @Optional() layout?: Record<string, unknown>;
}
