import { describe, expect, it } from '@jest/globals';
import { PathIndex } from './path-index.js';

describe('the index of paths', () => {
  const paths = new PathIndex();
  paths.add('GET', '/permissions/{id}');
  paths.add('PATCH', '/permissions/{id}');
  paths.add('POST', '/permissions/check');
  paths.add('GET', '/resources/by-short-id/{shortId}');
  paths.add('PUT', '/resources/{id}/post');
  paths.add('GET', '/@{slug}');

  it('gives the methods of the path that is meant', () => {
    expect(paths.methodsOf('/permissions/1')).toEqual(['GET', 'HEAD', 'PATCH']);
    expect(paths.methodsOf('/permissions/check')).toEqual(['POST']);
    expect(paths.methodsOf('/resources/by-short-id/post')).toEqual(['GET', 'HEAD']);
    expect(paths.methodsOf('/resources/1/post')).toEqual(['PUT']);
    expect(paths.methodsOf('/@polar-night')).toEqual(['GET', 'HEAD']);
    for (const nowhere of ['/permissions', '/permissions/1/2', '/@', '/polar-night', ''])
      expect(paths.methodsOf(nowhere)).toEqual([]);
  });

  it('knows what could be mistaken for another path', () => {
    expect(paths.mistakable()).toEqual([
      { method: 'GET', path: '/permissions/check' },
      { method: 'PATCH', path: '/permissions/check' },
      { method: 'PUT', path: '/resources/by-short-id/{shortId}' },
    ]);
  });
});
