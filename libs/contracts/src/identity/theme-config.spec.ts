import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { everyTable } from '../catalogue.js';
import { schemasOf } from '../kit/schema.js';
import { ThemeConfig, ThemeConfigPatch } from './theme-config.js';

const messages = everyTable
  .flatMap((table) => Object.values(table))
  .flatMap(({ request, reply }) => [request, ...(reply.item ? [reply.item] : [])]);
const schemas = new Map(messages.flatMap((message) => Object.entries(schemasOf(message))));

describe('themeConfig', () => {
  it('has one form wherever it stands: of users, organizations and workspaces, read and written', () => {
    const themed = [...schemas].flatMap(([name, { properties }]) =>
      properties?.['themeConfig'] ? [[name, JSON.stringify(properties['themeConfig'])] as const] : [],
    );
    expect(themed.map(([name]) => name)).toEqual(
      expect.arrayContaining(['Me', 'User', 'UpdateUser', 'Organization', 'UpdateOrganization', 'Workspace']),
    );
    for (const [name, form] of themed)
      expect([name, form]).toEqual([name, expect.stringMatching(/#\/\$defs\/ThemeConfig(Patch)?"/)]);
  });

  it('is closed', () => {
    for (const form of [ThemeConfig, ThemeConfigPatch]) {
      const { properties = {}, additionalProperties } = schemasOf(form)[form.name] ?? {};
      expect([Object.keys(properties), additionalProperties]).toEqual([['colors', 'fonts', 'layout'], false]);
    }
  });
});
