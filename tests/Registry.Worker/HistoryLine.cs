using System.Diagnostics;
using System.Text.Json;
using Slipway.TestKit.Histories;

namespace Slipway.Registry.Worker;

/// <summary>How operations travel from the processes that do them to the test: a line when one begins, and a line when it was answered.</summary>
public static class HistoryLine
{
    /// <summary>The line of an operation that begins now. All processes of a machine share the clock: CLOCK_MONOTONIC.</summary>
    public static string Begin(string id, AliasOperation asked) => "begin " + JsonSerializer.Serialize(new Line(id, asked with { Began = Stopwatch.GetTimestamp() }));

    /// <summary>The line of an operation that was answered now.</summary>
    public static string End(string id, AliasOperation answered) => "end " + JsonSerializer.Serialize(new Line(id, answered with { Ended = Stopwatch.GetTimestamp() }));

    /// <summary>The operations that lines speak of, those without an answer as such. A line that was cut off says nothing.</summary>
    public static IReadOnlyList<AliasOperation> Read(IEnumerable<string> lines)
    {
        Dictionary<string, AliasOperation> operations = [];
        foreach (string line in lines)
        {
            if (line.StartsWith("begin {", StringComparison.Ordinal) && line.EndsWith('}'))
            {
                Line begun = JsonSerializer.Deserialize<Line>(line[6..])!;
                operations[begun.Id] = begun.Operation;
            }
            else if (line.StartsWith("end {", StringComparison.Ordinal) && line.EndsWith('}'))
            {
                Line ended = JsonSerializer.Deserialize<Line>(line[4..])!;
                operations[ended.Id] = ended.Operation with { Began = operations[ended.Id].Began };
            }
        }

        return [.. operations.Values];
    }

    private sealed record Line(string Id, AliasOperation Operation);
}
