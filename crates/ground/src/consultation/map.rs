//! The map: soft tiles of at least five people, and the statements that pull to each edge. No person
//! is a point on it, and no tile names its number.

use super::layout::Layout;
use super::pca::Pca;
use super::sides::Sides;

/// With fewer people there is no map.
const PEOPLE: usize = 50;
/// With fewer in a side neither.
const PEOPLE_OF_SIDE: usize = 10;
/// With fewer in it a tile is left out.
const PEOPLE_OF_TILE: u32 = 5;
/// Tiles along each axis at most. As many people as tiles' square would leave most tiles below five.
const TILES: usize = 16;
/// So many people to a tile, were they spread evenly.
const PEOPLE_TO_A_TILE: usize = 8;

/// Where people stand, as far as that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// Tiles along each axis.
    pub across: usize,
    /// From the left, then from the bottom.
    pub tiles: Vec<Tile>,
    /// Middles of the sides, as tiles; one for each side.
    pub sides: Vec<[usize; 2]>,
    /// Statements with which people agree the more, the closer to an edge they stand.
    pub edges: Edges,
}

/// At least five people who answered alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// From the left.
    pub x: usize,
    /// From the bottom.
    pub y: usize,
    /// 1 to 3: darker holds more.
    pub strength: u8,
    /// The side with most people in it, where these are at least five.
    pub side: Option<usize>,
}

/// Places in the report's statements; none without that axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edges {
    /// Towards the left.
    pub left: Option<usize>,
    /// Towards the right.
    pub right: Option<usize>,
    /// Towards the bottom.
    pub bottom: Option<usize>,
    /// Towards the top.
    pub top: Option<usize>,
}

impl Map {
    /// None for a small crowd, and for a small side.
    pub fn of(layout: &Layout, pca: &Pca, sides: &Sides) -> Option<Map> {
        let grid = Grid::of(layout)?;
        let count = sides.names().len();
        let mut tiles = vec![vec![0_u32; count + 1]; grid.tiles * grid.tiles];
        let mut middles = vec![(0_i64, 0_i64, 0_usize); count];
        for (person, point) in layout.people.iter().zip(&layout.points) {
            let side = sides.of(*person);
            let at = grid.tile(*point);
            let tile = tiles.get_mut(at[1] * grid.tiles + at[0]);
            if let Some(cell) = tile.and_then(|tile| tile.get_mut(side.unwrap_or(count))) {
                *cell += 1;
            }
            if let Some((x, y, people)) = side.and_then(|side| middles.get_mut(side)) {
                *x += i64::from(point[0]);
                *y += i64::from(point[1]);
                *people += 1;
            }
        }
        let are_large = middles
            .iter()
            .all(|(_, _, people)| *people >= PEOPLE_OF_SIDE);
        if layout.people.len() < PEOPLE || !are_large {
            return None;
        }
        let middle = |(x, y, people): &(i64, i64, usize)| {
            let people = i64::try_from(*people).unwrap_or(1).max(1);
            let of = |sum: i64| i32::try_from(sum / people).unwrap_or(0);
            grid.tile([of(*x), of(*y)])
        };
        Some(Map {
            across: grid.tiles,
            tiles: shown(&tiles, grid.tiles, count),
            sides: middles.iter().map(middle).collect(),
            edges: Edges::of(pca),
        })
    }
}

fn shown(tiles: &[Vec<u32>], across: usize, sides: usize) -> Vec<Tile> {
    let people = |tile: &[u32]| tile.iter().sum::<u32>();
    let most = tiles.iter().map(|tile| people(tile)).max().unwrap_or(0);
    let full = tiles
        .iter()
        .enumerate()
        .filter(|(_, tile)| people(tile) >= PEOPLE_OF_TILE);
    full.map(|(at, tile)| {
        let own = tile.iter().take(sides).enumerate();
        let largest = own.filter(|(_, people)| **people >= PEOPLE_OF_TILE);
        Tile {
            x: at % across,
            y: at / across,
            strength: match people(tile) {
                few if u64::from(few) * 3 <= u64::from(most) => 1,
                some if u64::from(some) * 3 <= u64::from(most) * 2 => 2,
                _ => 3,
            },
            side: largest
                .min_by_key(|(_, people)| std::cmp::Reverse(**people))
                .map(|(side, _)| side),
        }
    })
    .collect()
}

/// All but the outermost: a few who stand far away do not press everybody else together.
struct Grid {
    low: [i32; 2],
    high: [i32; 2],
    tiles: usize,
}

impl Grid {
    fn of(layout: &Layout) -> Option<Grid> {
        let ends = [0, 1].map(|axis: usize| {
            let all = layout.points.iter();
            let mut values: Vec<i32> = all.filter_map(|point| point.get(axis).copied()).collect();
            values.sort_unstable();
            let outermost = values.len() / 50;
            let low = values.get(outermost).copied()?;
            let high = values.iter().rev().nth(outermost).copied()?;
            Some((low, high))
        });
        let [Some(x), Some(y)] = ends else {
            return None;
        };
        Some(Grid {
            low: [x.0, y.0],
            high: [x.1, y.1],
            tiles: (layout.people.len() / PEOPLE_TO_A_TILE)
                .isqrt()
                .clamp(3, TILES),
        })
    }

    fn tile(&self, point: [i32; 2]) -> [usize; 2] {
        let cell = |x: i32, low: i32, high: i32| {
            let (x, low, high) = (i64::from(x), i64::from(low), i64::from(high));
            let inside = x.clamp(low, high) - low;
            usize::try_from(inside * self.tiles as i64 / (high - low + 1)).unwrap_or(0)
        };
        [
            cell(point[0], self.low[0], self.high[0]),
            cell(point[1], self.low[1], self.high[1]),
        ]
    }
}

impl Edges {
    fn of(pca: &Pca) -> Edges {
        let end = |axis: usize, sign: f64| {
            let weights = pca.components.get(axis)?;
            let (at, weight) = weights
                .iter()
                .enumerate()
                .min_by(|(_, a), (_, b)| (**b * sign).total_cmp(&(**a * sign)))?;
            (*weight * sign > 0.0).then_some(at)
        };
        Edges {
            left: end(0, -1.0),
            right: end(0, 1.0),
            bottom: end(1, -1.0),
            top: end(1, 1.0),
        }
    }
}
