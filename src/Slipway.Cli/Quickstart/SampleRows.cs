using System.Globalization;

namespace Slipway.Cli.Quickstart;

/// <summary>Rows of a sample that its model has not seen, with their truth. The files are our own: plain numbers, no quotes.</summary>
/// <param name="Features">Names of the features.</param>
/// <param name="Values">One array of features a row.</param>
/// <param name="Truth">What each row really is.</param>
internal sealed record SampleRows(IReadOnlyList<string> Features, IReadOnlyList<float[]> Values, IReadOnlyList<string> Truth)
{
    /// <summary>All rows behind one another, as a tensor has them.</summary>
    public float[] Flat => [.. Values.SelectMany(row => row)];

    /// <summary>Reads <c>NAME.csv</c> and <c>NAME.truth.csv</c>.</summary>
    public static SampleRows Read(string folder, string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine(folder, name + ".csv"));
        return new SampleRows(
            lines[0].Split(','),
            [.. lines[1..].Select(line => line.Split(',').Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)).ToArray())],
            File.ReadAllLines(Path.Combine(folder, name + ".truth.csv"))[1..]);
    }
}
