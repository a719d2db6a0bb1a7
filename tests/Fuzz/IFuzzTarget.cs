namespace Slipway.Fuzz;

/// <summary>A reader under test.</summary>
internal interface IFuzzTarget
{
    /// <summary>Name on the command line.</summary>
    string Name { get; }

    /// <summary>Valid inputs that damage starts from.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>
    /// Reads one input and gives back whatever it took. A <see cref="Slipway.Core.SlipwayException"/> that is not internal is the right answer to bad input; any
    /// other exception is a finding.
    /// </summary>
    ValueTask ReadAsync(byte[] input);
}
