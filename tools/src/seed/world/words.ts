const list = (text: string): readonly string[] => text.trim().split(/\s+/);

export const firstNames = list(`
  Ada Ben Cleo Dora Elif Finn Greta Hugo Ines Jonas Kaya Liam Mira Noor Otto Pia Quentin Rosa Samir Tilda Umar Vera Wim Xenia
  Yusuf Zoe Amara Bruno Carla Dario Esra Fela Gianna Hana Ilja Juna Karim Lotte Malik Nele Orson Paloma Ruben Signe Teo Ulla`);
export const lastNames = list(`
  Arnold Berger Castro Dahl Eklund Fischer Garcia Haas Ivanov Jansen Keller Lindqvist Moreau Nakamura Okafor Petrov Quist Rossi
  Schmitt Tanaka Ueda Varga Weber Yilmaz Zimmer Abebe Brandt Conti Duarte Engel Falk Grimm Holm Iversen Juhl Koch Lund Marin`);
export const adjectives = list(`
  Polar Velvet Silent Electric Golden Broken Hollow Crystal Midnight Amber Distant Paper Neon Wooden Scarlet Northern Quiet
  Burning Floating Hidden Marble Winter Copper Restless Tidal Lunar Feral Gentle Static Sunken Wild Azure Bitter Coastal Dusty
  Eastern Faded Granite Heavy Indigo Jagged Lucid Magnetic Nordic Opal Pale Rising Solar Tender Urban Vivid Wandering Yellow
  Ashen Brittle Cobalt Drifting Endless Fragile Glass Hazel Iron Juniper Lonely`);
export const nouns = list(`
  Night Harbor Lantern Foxes Meridian Gardens Static Rivers Engine Satellites Parade Theory Coast Machine Orchard Signals Tigers
  Cathedral Motel Horizon Antlers Avenue Bells Canyon Diaries Echo Ferries Gazelles Hours Islands Jungle Kites Letters Mirrors
  Needles Oceans Pilots Quarry Radios Sparrows Towers Umbrellas Valley Windows Years Zeppelins Anthems Bridges Comets Dancers
  Embers Fields Ghosts Hearts Icebergs Jewels Knights Ladders Magnets Nomads Owls Planets Quartet Runners Shadows Trains Voyage
  Wolves Arcade Ballads Cinema Dunes Estate Flames Glaciers Holiday Ink Junction Keys Lagoon Museum Notes Opera Pavilion Queens
  Reunion Summit Tapes Union Vapor Wires Archive Beacon Cabin Delta Empire`);
export const forms = [
  '',
  'The ',
  'New ',
  'Little ',
  'Radio ',
  'Saint ',
  'Club ',
  'Royal ',
  'Casa ',
  'Old ',
] as const;
export const genres = list(
  'ambient techno house indie folk jazz soul punk shoegaze dub electro pop classical afrobeat metal',
);
export const cities = list(`
  Berlin Hamburg Oslo Lisbon Lyon Ghent Turin Gothenburg Krakow Tallinn Porto Leipzig Vienna Basel Utrecht Aarhus Bergen Malaga
  Riga Ljubljana`);
const months = list('January February March April May June July August September October November December');
export const monthOf = (time: number): string => months[new Date(time).getUTCMonth()] ?? '';
