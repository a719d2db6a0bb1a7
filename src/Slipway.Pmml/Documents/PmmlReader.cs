using System.Globalization;
using System.Text;
using System.Xml;

namespace Slipway.Pmml.Documents;

/// <summary>
/// Reads a document into elements. No document type, no entities but the five of XML, nothing outside the bytes is ever opened; depth and counts are
/// bounded by <see cref="PmmlLimits"/>. Extensions are skipped: what a vendor adds there may be left out by definition (but for one that is known).
/// </summary>
internal sealed class PmmlReader
{
    // The standard's own, and those that are met beside it.
    private static readonly string[] Namespaces = ["http://www.dmg.org/", "https://www.dmg.org/", "http://dmg.org/", "https://dmg.org/"];

    private const int MaxInterned = 65_536;
    private const int LongestInterned = 48;

    private readonly XmlReader _xml;
    private readonly PmmlLimits _limits;
    private readonly CancellationToken _cancellationToken;
    private readonly long _maxElements;
    private readonly Dictionary<string, string> _interned = new(StringComparer.Ordinal);
    private long _elements;

    private PmmlReader(XmlReader xml, long length, PmmlLimits limits, CancellationToken cancellationToken)
    {
        (_xml, _limits, _cancellationToken) = (xml, limits, cancellationToken);
        _maxElements = PmmlLimits.MaxElements(length);
    }

    /// <summary>Reads a document.</summary>
    /// <param name="stream">The bytes, in any encoding that XML declares.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The element <c>PMML</c>.</returns>
    /// <exception cref="Slipway.Core.SlipwayException">The document is damaged, too large, or no PMML.</exception>
    public static PmmlElement Read(Stream stream, long length, PmmlLimits limits, CancellationToken cancellationToken)
    {
        if (length > limits.MaxBytes)
        {
            throw PmmlError.Invalid(string.Create(CultureInfo.InvariantCulture, $"the document has {length} bytes; at most {limits.MaxBytes} are read"));
        }

        XmlReaderSettings settings = new()
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
            MaxCharactersInDocument = limits.MaxBytes,
            MaxCharactersFromEntities = 1_000_000,
            CloseInput = false,
        };
        try
        {
            using TextReader? text = DeclaredEncoding.OpenText(stream);
            using XmlReader xml = text is null ? XmlReader.Create(stream, settings) : XmlReader.Create(text, settings);
            return new PmmlReader(xml, length, limits, cancellationToken).ReadDocument();
        }
        catch (XmlException fault)
        {
            throw PmmlError.Invalid(
                fault.Message.Contains("DTD", StringComparison.Ordinal)
                    ? "the document has a document type (DOCTYPE), which is refused: remove it"
                    : fault.Message.Contains("encoding", StringComparison.OrdinalIgnoreCase) ? "the document's encoding can't be read: save it as UTF-8"
                    : string.Create(CultureInfo.InvariantCulture, $"the document is not well-formed XML at line {fault.LineNumber}, column {fault.LinePosition}"),
                fault);
        }
        catch (Exception fault) when (fault is DecoderFallbackException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw PmmlError.Invalid("the document's encoding can't be read: save it as UTF-8", fault);
        }
    }

    private PmmlElement ReadDocument()
    {
        _xml.MoveToContent();
        if (_xml.NodeType != XmlNodeType.Element || _xml.LocalName != "PMML"
            || (_xml.NamespaceURI.Length > 0 && !Array.Exists(Namespaces, known => _xml.NamespaceURI.StartsWith(known, StringComparison.Ordinal))))
        {
            throw PmmlError.Invalid("the document's first element is not PMML");
        }

        PmmlElement root = ReadElement();
        while (_xml.Read())
        {
            // The rest must be well-formed too.
        }

        return root;
    }

    // Reads from a start tag past its end tag. A stack of its own instead of recursion: depth costs memory, never the thread's stack.
    private PmmlElement ReadElement()
    {
        Stack<PmmlElement> open = new();
        StringBuilder text = new();
        PmmlElement root = Start();
        if (_xml.IsEmptyElement)
        {
            return root;
        }

        open.Push(root);
        while (_xml.Read())
        {
            switch (_xml.NodeType)
            {
                case XmlNodeType.Element when _xml.LocalName == "Extension":
                    // R put the inputs of naive Bayes models that are numbers into an extension, before the standard had a place for them.
                    if (open.Peek().Name != "BayesInputs")
                    {
                        SkipExtension();
                    }

                    break;
                case XmlNodeType.Element:
                    PmmlElement element = Start();
                    open.Peek().Add(element);
                    text.Clear();
                    if (!_xml.IsEmptyElement)
                    {
                        open.Push(element);
                        if (open.Count > _limits.MaxDepth)
                        {
                            throw PmmlError.Invalid(element, string.Create(CultureInfo.InvariantCulture, $"is nested more than {_limits.MaxDepth} levels deep"));
                        }
                    }

                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                    text.Append(_xml.Value);
                    break;
                case XmlNodeType.EndElement when _xml.LocalName == "Extension":
                    break;
                case XmlNodeType.EndElement:
                    PmmlElement done = open.Pop();
                    done.TrimExcess();
                    if (text.Length > 0)
                    {
                        done.SetText(Intern(text.ToString()));
                        text.Clear();
                    }

                    if (open.Count == 0)
                    {
                        return root;
                    }

                    break;
            }
        }

        throw PmmlError.Invalid("the document ends within an element");
    }

    private PmmlElement Start()
    {
        if (++_elements > _maxElements)
        {
            throw PmmlError.Invalid(string.Create(CultureInfo.InvariantCulture, $"the document has more than {_maxElements} elements, which is too many for its size"));
        }

        if ((_elements & 0xFFF) == 0)
        {
            _cancellationToken.ThrowIfCancellationRequested();
        }

        int line = (_xml as IXmlLineInfo)?.LineNumber ?? 0;
        string name = _xml.LocalName;
        if (_xml.AttributeCount == 0)
        {
            return new PmmlElement(name, line, []);
        }

        KeyValuePair<string, string>[] attributes = new KeyValuePair<string, string>[_xml.AttributeCount];
        int count = 0;
        while (_xml.MoveToNextAttribute())
        {
            if (_xml.Prefix != "xmlns" && _xml.Name != "xmlns")
            {
                attributes[count++] = new(_xml.Name, Intern(_xml.Value));
            }
        }

        _xml.MoveToElement();
        return new PmmlElement(name, line, count == attributes.Length ? attributes : attributes[..count]);
    }

    // Field names, operators and scores come again and again.
    private string Intern(string text)
    {
        if (text.Length > LongestInterned)
        {
            return text;
        }

        if (_interned.TryGetValue(text, out string? known))
        {
            return known;
        }

        if (_interned.Count < MaxInterned)
        {
            _interned.Add(text, text);
        }

        return text;
    }

    private void SkipExtension()
    {
        if (_xml.IsEmptyElement)
        {
            return;
        }

        int depth = _xml.Depth;
        while (_xml.Read() && _xml.Depth > depth)
        {
            if (_xml.Depth - depth > _limits.MaxDepth)
            {
                throw PmmlError.Invalid(string.Create(CultureInfo.InvariantCulture, $"an Extension is nested more than {_limits.MaxDepth} levels deep"));
            }
        }
    }
}
