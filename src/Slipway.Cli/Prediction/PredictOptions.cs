using Slipway.Core.Rows;

namespace Slipway.Cli.Prediction;

/// <summary>Which rows are sent and how the answers are written.</summary>
internal sealed record PredictOptions
{
    /// <summary>File of rows; <c>-</c>: standard input.</summary>
    public required string Input { get; init; }

    /// <summary>How they are written.</summary>
    public required RowFormat InputFormat { get; init; }

    /// <summary>File of answers; <c>-</c>: standard output.</summary>
    public required string Output { get; init; }

    /// <summary>How they are to be written.</summary>
    public required RowFormat OutputFormat { get; init; }

    /// <summary>How rows are read.</summary>
    public required RowReadOptions Reading { get; init; }

    /// <summary>Names of the outputs wanted; empty: those that the model gives by itself.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Most rows in one request.</summary>
    public required int Batch { get; init; }
}
