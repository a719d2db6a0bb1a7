using System.Runtime.InteropServices;

namespace Slipway.Pmml.Models.Trees;

/// <summary>What a step of a compiled tree asks.</summary>
internal enum TreeTest : byte
{
    /// <summary>Whether the cell is at most the value. All four orders become this one.</summary>
    AtMost,

    /// <summary>Whether the cell is the value.</summary>
    Equal,

    /// <summary>Whether the cell is in the set of this number.</summary>
    Within,

    /// <summary>Whether the cell is missing.</summary>
    Missing,

    /// <summary>What the predicate of this number says.</summary>
    Predicate,
}

/// <summary>
/// One question of a compiled tree and where to go on. A target of 0 or more is a step; below 0 it is the end: the complement (<c>~</c>) is the place of the
/// node that gives the result, or <see cref="NoResult"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TreeStep
{
    /// <summary>End without a result.</summary>
    public const int NoResult = int.MinValue;

    /// <summary>What the cell is compared with.</summary>
    public double Value;

    /// <summary>Slot of the cell, or number of a predicate.</summary>
    public int Slot;

    /// <summary>Where to go when the answer is yes.</summary>
    public int Yes;

    /// <summary>Where to go when the answer is no.</summary>
    public int No;

    /// <summary>Where to go when the cell is missing.</summary>
    public int Unknown;

    /// <summary>Number of the set.</summary>
    public int Set;

    /// <summary>The question.</summary>
    public TreeTest Test;
}
