import { calls, one, query } from '../kit/call.js';
import { WorkspaceName } from '../content/ownership.js';
import {
  Email,
  Flag,
  ListOf,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Text,
  TextList,
  TextMap,
  Timestamp,
  Whole,
} from '../kit/fields.js';
import { notFound } from '../kit/failure.js';
import { keySubjectTypes, type KeySubjectType } from './api-key.js';
import { Preferences } from './preferences.js';
import { workosUnavailable } from './workos.js';
import { ThemeConfig } from './theme-config.js';

/** An organization that one belongs to. */
export class MyOrganization {
  @Text({ max: 64 }) id: string;
  @Text({ max: 255 }) name: string;
  @Text({ max: 50 }) @Nullable() slug: string | null;
  @Text({ max: 2048 }) @Nullable() avatarUrl: string | null;
  @Text({ max: 64 }) role: string;
  /** Everybody belongs to the home organization; it grants nothing. */
  @Flag() home: boolean;
}

/** A team that one is in. */
export class MyTeam {
  @Text({ max: 64 }) id: string;
  @Text({ max: 64 }) organizationId: string;
  @Text({ max: 100 }) name: string;
}

/**
 * The caller, flat: the fields of a user, an organization, a workspace or a harbor beside `subjectType`. Fields that the
 * subject's type has not are absent.
 */
export class Me {
  @OneOf(keySubjectTypes) subjectType: KeySubjectType;
  @Text({ max: 64 }) id: string;
  /** An organization's or workspace's. */
  @Text({ max: 255 }) @Optional() name?: string;
  /** An organization's or workspace's. */
  @Text({ max: 50 }) @Nullable() @Optional() slug?: string | null;
  @Text({ max: 30 }) @Nullable() @Optional() handle?: string | null;
  @Text({ max: 80 }) @Nullable() @Optional() displayName?: string | null;
  @Text({ max: 2048 }) @Nullable() @Optional() avatarUrl?: string | null;
  @Text({ max: 2048 }) @Nullable() @Optional() bannerUrl?: string | null;
  @Text({ max: 500 }) @Nullable() @Optional() bio?: string | null;
  @Email() @Optional() email?: string;
  @Flag() @Optional() emailVerified?: boolean;
  @Text({ max: 255 }) @Nullable() @Optional() firstName?: string | null;
  @Text({ max: 255 }) @Nullable() @Optional() lastName?: string | null;
  @Text({ max: 2048 }) @Nullable() @Optional() profilePictureUrl?: string | null;
  @Text({ max: 128 }) @Nullable() @Optional() externalId?: string | null;
  @TextMap({ max: 50, name: /^[^\0]{1,40}$/, length: 600 }) @Optional() metadata?: Record<string, string>;
  @Nested(() => ThemeConfig) @Nullable() @Optional() themeConfig?: ThemeConfig | null;
  @Nested(() => Preferences) @Nullable() @Optional() preferences?: Preferences | null;
  @TextList({ max: 100, length: 253 }) @Optional() domains?: string[];
  @Flag() @Optional() home?: boolean;
  @Timestamp() @Nullable() @Optional() lastSignInAt?: string | null;
  /** A user's: the organization of the session, else the home organization. A workspace's: the one that owns it. */
  @Text({ max: 64 }) @Nullable() @Optional() organizationId?: string | null;
  /** A user's memberships in force. */
  @ListOf(() => MyOrganization, { max: 1000 }) @Optional() organizations?: MyOrganization[];
  /** A user's teams. */
  @ListOf(() => MyTeam, { max: 1000 }) @Optional() teams?: MyTeam[];
  /** A user's own workspaces and those of organizations in which he is; at most 100. */
  @ListOf(() => WorkspaceName, { max: 100 }) @Optional() workspaces?: WorkspaceName[];
  /** Features that are in force for a user; empty while nothing grants any here. */
  @TextList({ max: 1000, length: 64 }) @Optional() features?: string[];
  @Timestamp() @Optional() createdAt?: string;
  @Timestamp() @Optional() updatedAt?: string;
  @Whole() @Optional() version?: number;
}

export class GetMe {}

/** The caller about itself (identity.md, Routes). */
export const me = calls('identity.me', {
  get: query({
    http: 'GET /me',
    scope: null,
    request: GetMe,
    reply: one(Me),
    fails: [notFound, workosUnavailable],
    summary: 'Tells who one is.',
    description:
      'For any credential. 404 when the subject is gone; 503 while the service that knows the workspaces is away: a list that is cut short would be taken for the truth.',
    example: {
      reply: {
        subjectType: 'user',
        id: 'user_01J8ZB3Q6W2V5N8M4K7H0T9XQE',
        handle: 'ana_lima',
        displayName: 'Ana Lima',
        email: 'ana@label.example',
        organizationId: 'org_01J8ZB5KQ4S7T2M9X3C6V8N1RD',
        organizations: [],
        teams: [],
        workspaces: [],
        features: [],
        version: 3,
      },
    },
  }),
});
