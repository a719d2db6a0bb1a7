namespace Slipway.Inference.Repository.TextFormat;

/// <summary>Text that is not protobuf text format, with the place where that shows.</summary>
internal sealed class TextFormatException : Exception
{
    /// <summary>Makes one without a place.</summary>
    public TextFormatException()
        : this("not protobuf text format")
    {
    }

    /// <summary>Makes one without a place.</summary>
    public TextFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one without a place.</summary>
    public TextFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal TextFormatException(string message, int line, int column)
        : base(message)
    {
        (Line, Column) = (line, column);
    }

    /// <summary>Line from 1; 0 when unknown.</summary>
    public int Line { get; }

    /// <summary>Column from 1.</summary>
    public int Column { get; }
}
